package objects

import (
	"fmt"
	"slices"

	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/dreamseed/platform/data/store"
	"github.com/dreamseed/platform/internal/invalid"
	"github.com/dreamseed/platform/services/catalogue"
)

// Key is the key of the section.
const Key = "data.objects"

// leastStorage holds a volume file of each bucket, and the index.
var leastStorage = resource.MustParse("1Gi")

// Validate adds the mistakes of the spec, and of the buckets that the services declare, to the problems. closed are the
// ranges that no destination opens.
func (s Spec) Validate(services []catalogue.Service, closed []catalogue.Closed, problems *invalid.Problems) {
	validateBuckets(services, problems)
	settings := []store.Setting{
		{Key: "storage", Value: s.Storage.String(), Given: !s.Storage.IsZero(), Of: store.InCluster},
		{Key: "external", Value: s.External.CIDR, Given: s.External != store.Address{}, Of: store.External},
	}
	switch usable := s.Mode.Validate(Key, store.Unmanaged(), settings, problems); {
	case !usable:
	case s.Mode == store.External:
		s.External.Validate(Key+".external", closed, problems)
	case s.Storage.Cmp(leastStorage) < 0:
		problems.Add(Key+".storage", s.Storage.String(), "must be %s or more", leastStorage.String())
	}
}

// validateBuckets refuses names that a store refuses, or that stand for two buckets: with the service's name before it,
// tutor-x of ai is x of ai-tutor.
func validateBuckets(services []catalogue.Service, problems *invalid.Problems) {
	owners := map[string]string{BackupsBucket: "the backups"}
	for _, service := range services {
		for i, bucket := range service.Needs.Buckets {
			key := fmt.Sprintf("services.%s.needs.buckets[%d]", service.Name, i)
			name := Bucket(service.Name, bucket)
			owner, owned := owners[name]
			switch err := CheckBucket(name); {
			case slices.Contains(service.Needs.Buckets[:i], bucket):
				problems.Add(key, bucket, "must be listed once")
			case err != nil:
				problems.Add(key, bucket, "must be a name of which the store takes %q: that %v", name, err)
			case owned:
				problems.Add(key, bucket, "must be another name: %s have the bucket %s", owner, name)
			}
			owners[name] = "those of service " + service.Name
		}
	}
}
