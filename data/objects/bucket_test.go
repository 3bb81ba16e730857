package objects_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/data/objects"
	"github.com/dreamseed/platform/data/store"
	"github.com/dreamseed/platform/services/catalogue"
)

// The rules are those of https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html, for the reasons
// that stand there, and of https://cloud.google.com/storage/docs/buckets#naming.
func TestABucketHasANameThatEveryStoreTakes(t *testing.T) {
	for reason, c := range map[string]struct{ name, want string }{
		"a name":                       {"user-avatars", ""},
		"the shortest":                 {"abc", ""},
		"the longest":                  {strings.Repeat("a", 63), ""},
		"digits at both ends":          {"1-bucket-2", ""},
		"too short":                    {"ab", "must be 3 to 63 characters long"},
		"too long":                     {strings.Repeat("a", 64), "must be 3 to 63 characters long"},
		"empty":                        {"", "must be 3 to 63 characters long"},
		"capitals":                     {"User-avatars", "must consist of small letters"},
		"an underscore":                {"user_avatars", "must consist of small letters"},
		"a dot":                        {"user.avatars", "must consist of small letters"},
		"two dots":                     {"user..avatars", "must consist of small letters"},
		"a hyphen first":               {"-avatars", "must consist of small letters"},
		"a hyphen last":                {"avatars-", "must consist of small letters"},
		"a letter of another alphabet": {"benützer-avatars", "must consist of small letters"},
		"a line break":                 {"user-avatars\n", "must consist of small letters"},
		"an address":                   {"192.168.5.4", "must not look like an IP address"},
		"an address of version 6":      {"2001:db8::1", "must not look like an IP address"},
		"punycode":                     {"xn--avatars", "must not begin with xn--, sthree-, amzn-s3-demo-, goog"},
		"a configurator of S3":         {"sthree-configurator", "must not begin with"},
		"a demonstration of S3":        {"amzn-s3-demo-bucket", "must not begin with"},
		"google's own":                 {"goog-avatars", "must not begin with"},
		"google within":                {"my-google-avatars", "must not contain google"},
		"nearly google":                {"my-g00gle-avatars", "must not contain google"},
		"two hyphens":                  {"user--avatars", "must not contain google, g00gle, --"},
		"an alias of an access point":  {"avatars-s3alias", "must not end in"},
		"object lambda":                {"avatars--ol-s3", "must not end in"},
		"a multi-region access point":  {"avatars.mrap", "must not end in"},
		"a directory bucket":           {"avatars--x-s3", "must not end in"},
		"a table bucket":               {"avatars--table-s3", "must not end in"},
	} {
		t.Run(reason, func(t *testing.T) {
			err := objects.CheckBucket(c.name)
			if c.want == "" {
				assert.NoError(t, err)
				return
			}
			require.Error(t, err)
			assert.ErrorContains(t, err, c.want)
		})
	}
}

func TestEveryBucketOfTheCatalogueIsAllowed(t *testing.T) {
	count := 0
	for _, name := range catalogue.Names() {
		service, _ := catalogue.Lookup(name)
		for _, bucket := range service.Needs.Buckets {
			count++
			require.NoError(t, objects.CheckBucket(objects.Bucket(name, bucket)), name)
		}
	}
	assert.Positive(t, count)
}

func TestAServiceIsToldTheNamesOfItsBuckets(t *testing.T) {
	assert.Equal(t, map[string]string{
		"OBJECT_STORAGE_BUCKET_AVATARS": "user-avatars", "OBJECT_STORAGE_BUCKET_OLD_AVATARS": "user-old-avatars",
	}, objects.Default(store.InCluster).Variables(service("user", "avatars", "old-avatars"), ofGoogle("dreamseed-test")))
	assert.Nil(t, objects.Default(store.InCluster).Variables(service("auth"), ofGoogle("dreamseed-test")))
}

// All buckets of a cloud share one namespace with everybody's.
func TestInACloudABucketHasAnotherName(t *testing.T) {
	managed, in := objects.Default(store.Managed), ofGoogle("dreamseed-test")
	name := managed.Variables(service("user", "avatars"), in)["OBJECT_STORAGE_BUCKET_AVATARS"]
	assert.Regexp(t, `^dreamseed-test-user-avatars-[0-9a-f]{8}$`, name)
	in.Network.Nodes = "10.7.0.0/16"
	assert.Equal(t, name, managed.NameIn(in, "user-avatars"), "another cluster in the same place finds it again")
	in.Region = "europe-west1"
	assert.NotEqual(t, name, managed.NameIn(in, "user-avatars"), "a bucket does not move")
}
