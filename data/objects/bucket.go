package objects

import (
	"fmt"
	"net/netip"
	"regexp"
	"slices"
	"strings"

	"github.com/dreamseed/platform/cluster"
	"github.com/dreamseed/platform/data/store"
	"github.com/dreamseed/platform/services/catalogue"
)

// BackupsBucket is the bucket of the backups. It belongs to no service.
const BackupsBucket = "backups"

// Bucket returns the name of a bucket that a service declares in its environment.
func Bucket(service, bucket string) string { return service + "-" + bucket }

// NameIn returns the name under which the store knows a bucket of the environment: in a cloud it is one among those of
// everybody.
func (s Spec) NameIn(in *cluster.Spec, bucket string) string {
	if s.Mode == store.Managed {
		return in.NameBucket(bucket)
	}
	return bucket
}

// Variables returns the environment variables that tell a service the names of its buckets in the store. Nil for a
// service without buckets.
func (s Spec) Variables(service catalogue.Service, in *cluster.Spec) map[string]string {
	if !service.Needs.Objects() {
		return nil
	}
	variables := map[string]string{}
	for _, bucket := range service.Needs.Buckets {
		variables[catalogue.BucketVariable(bucket)] = s.NameIn(in, Bucket(service.Name, bucket))
	}
	return variables
}

// buckets returns the names of the buckets of a service, in the order of their declaration.
func buckets(service catalogue.Service) []string {
	var all []string
	for _, bucket := range service.Needs.Buckets {
		all = append(all, Bucket(service.Name, bucket))
	}
	return all
}

// Needing returns the services that declare buckets.
func Needing(services []catalogue.Service) []catalogue.Service {
	return slices.DeleteFunc(slices.Clone(services), func(s catalogue.Service) bool { return !s.Needs.Objects() })
}

// Bounds of the length of a name.
const (
	leastLength = 3
	mostLength  = 63
)

// bucketName matches names without dots, which no certificate of a cloud covers where the bucket is part of the host
// (https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html).
var bucketName = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]*[a-z0-9])?$`)

// Beginnings and ends that a cloud keeps for itself: S3's (same page) and Google's
// (https://cloud.google.com/storage/docs/buckets#naming). Azure takes no two hyphens in a row
// (https://learn.microsoft.com/rest/api/storageservices/naming-and-referencing-containers--blobs--and-metadata).
var (
	reservedBeginnings = []string{"xn--", "sthree-", "amzn-s3-demo-", "goog"}
	reservedEnds       = []string{"-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3"}
	reservedParts      = []string{"google", "g00gle", "--"}
)

// CheckBucket returns an error unless every object storage takes the name for a bucket.
func CheckBucket(name string) error {
	_, err := netip.ParseAddr(name)
	if len(name) < leastLength || len(name) > mostLength {
		return fmt.Errorf("must be %d to %d characters long", leastLength, mostLength)
	}
	if err == nil {
		return fmt.Errorf("must not look like an IP address")
	}
	if err := checkKept(name); err != nil {
		return err
	}
	if !bucketName.MatchString(name) {
		return fmt.Errorf("must consist of small letters, digits and hyphens, with a letter or digit at both ends")
	}
	return nil
}

// checkKept returns an error for a name that a cloud keeps for itself, whatever its characters are.
func checkKept(name string) error {
	begins := func(with string) bool { return strings.HasPrefix(name, with) }
	ends := func(with string) bool { return strings.HasSuffix(name, with) }
	contains := func(part string) bool { return strings.Contains(name, part) }
	switch {
	case slices.ContainsFunc(reservedBeginnings, begins):
		return fmt.Errorf("must not begin with %s", strings.Join(reservedBeginnings, ", "))
	case slices.ContainsFunc(reservedEnds, ends):
		return fmt.Errorf("must not end in %s", strings.Join(reservedEnds, ", "))
	case slices.ContainsFunc(reservedParts, contains):
		return fmt.Errorf("must not contain %s", strings.Join(reservedParts, ", "))
	}
	return nil
}
