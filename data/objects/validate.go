package objects

import (
	"fmt"
	"slices"

	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/dreamseed/platform/cluster"
	"github.com/dreamseed/platform/data/store"
	"github.com/dreamseed/platform/internal/invalid"
	"github.com/dreamseed/platform/services/catalogue"
)

// Key is the key of the section.
const Key = "data.objects"

// leastStorage holds a volume file of each bucket, and the index.
var leastStorage = resource.MustParse("1Gi")

// Surroundings describes the rest of the environment, against which the spec is checked.
type Surroundings struct {
	// Services are those of the environment.
	Services []catalogue.Service
	// Cluster is the cluster's section, with or without mistakes of its own.
	Cluster *cluster.Spec
	// Closed are the ranges that no destination opens.
	Closed []catalogue.Closed
}

// Validate adds the mistakes of the spec, and of the buckets that the services declare, to the problems.
func (s Spec) Validate(within Surroundings, problems *invalid.Problems) {
	s.validateBuckets(within, problems)
	switch usable := s.Mode.Validate(Key, within.modes(), s.settings(), problems); {
	case !usable:
	case s.Mode == store.External:
		s.External.Validate(Key+".external", within.Closed, problems)
	case s.Mode == store.Managed:
		s.Managed.Validate(Key+".managed", problems)
	case s.Storage.Cmp(leastStorage) < 0:
		problems.Add(Key+".storage", s.Storage.String(), "must be %s or more", leastStorage.String())
	}
}

// modes returns the modes that the cluster can have.
func (w Surroundings) modes() []store.Mode {
	if w.Cluster != nil && w.Cluster.Cloud.CanKeepBuckets() {
		return store.Modes()
	}
	return store.Unmanaged()
}

// settings lists what only one mode heeds.
func (s Spec) settings() []store.Setting {
	return []store.Setting{
		{Key: "storage", Value: s.Storage.String(), Given: !s.Storage.IsZero(), Of: store.InCluster},
		{Key: "managed", Value: s.Managed.RetentionDays, Given: s.Managed != cluster.BucketSpec{}, Of: store.Managed},
		{Key: "external", Value: s.External.CIDR, Given: s.External != store.Address{}, Of: store.External},
	}
}

// validateBuckets refuses names that a store refuses, or that stand for two buckets: with the service's name before it,
// tutor-x of ai is x of ai-tutor.
func (s Spec) validateBuckets(within Surroundings, problems *invalid.Problems) {
	owners := map[string]string{BackupsBucket: "the backups"}
	for _, service := range within.Services {
		for i, bucket := range service.Needs.Buckets {
			key := fmt.Sprintf("services.%s.needs.buckets[%d]", service.Name, i)
			name := Bucket(service.Name, bucket)
			owner, owned := owners[name]
			switch refused, err := s.refused(name, within.Cluster); {
			case slices.Contains(service.Needs.Buckets[:i], bucket):
				problems.Add(key, bucket, "must be listed once")
			case err != nil:
				problems.Add(key, bucket, "must be a name of which the store takes %q: that %v", refused, err)
			case owned:
				problems.Add(key, bucket, "must be another name: %s have the bucket %s", owner, name)
			}
			owners[name] = "those of service " + service.Name
		}
	}
}

// refused returns which name of a bucket a store refuses, and why. The name in the environment has to be right for
// every store, so that another one may provide it. The name in the store begins with the cluster's, which has rules of
// its own, and may make it one that the cloud keeps for itself.
func (s Spec) refused(name string, in *cluster.Spec) (string, error) {
	if err := CheckBucket(name); err != nil || in == nil {
		return name, err
	}
	there := s.NameIn(in, name)
	return there, checkKept(there)
}
