package permissions_test

import (
	"maps"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"
)

// reference is the content of testdata/aws-actions.yaml.
type reference struct {
	Source  string             `yaml:"source"`
	Date    string             `yaml:"date"`
	Actions map[string]lookups `yaml:"actions"`
}

// lookups are the kinds of resources that AWS checks for an action: always, and if the request names one.
type lookups struct {
	Always []string `yaml:"always"`
	Named  []string `yaml:"named"`
}

func (l lookups) limitable() bool { return len(l.Always)+len(l.Named) > 0 }

func awsReference(t *testing.T) reference {
	t.Helper()
	var loaded reference
	require.NoError(t, yaml.Unmarshal(read(t, "testdata/aws-actions.yaml"), &loaded))
	require.NotEmpty(t, loaded.Actions)
	return loaded
}

// sample returns a place with a sample value for every name.
func sample(where string) string {
	for _, known := range [][2]string{
		{"{roleArn}", "arn:aws:iam::{account}:role/one"}, {"{nodeRoleArn}", "arn:aws:iam::{account}:role/one"},
		{"{podIdentityAssociations.0.roleArn}", "arn:aws:iam::{account}:role/one"},
		{"{encryptionConfig.provider.keyArn}", "arn:aws:kms:{region}:{account}:key/one"},
		{"{encryptionConfigurations.0.kmsKey}", "arn:aws:kms:{region}:{account}:key/one"},
		{":kms:{region}:{account}:{name}", ":kms:{region}:{account}:alias/one"},
	} {
		where = strings.ReplaceAll(where, known[0], known[1])
	}
	return where
}

// isOf reports whether a place is of a kind of resource. Names have no slash in the patterns of the reference, except
// at the end of a kind; a name with a path matches as well.
func isOf(kind, where string) bool {
	matched, err := path.Match(strings.ReplaceAll(kind, "/", ":"), strings.ReplaceAll(sample(where), "/", ":"))
	return err == nil && matched
}

// AWS checks only resources of certain kinds for an action: a need elsewhere would be granted in vain, and a need of
// anything (*) would be granted although it could be limited.
func TestEveryNeedIsOfWhatAWSLooksAt(t *testing.T) {
	known := awsReference(t)
	asked := map[string]bool{}
	for name, entry := range entries(needs(t, "eks")) {
		for _, need := range entry.Needs {
			for _, action := range need.Actions {
				asked[action] = true
				looks, exists := known.Actions[action]
				require.True(t, exists, "%s: there is no action %s", name, action)
				for _, where := range need.Where {
					if where == "*" {
						assert.False(t, looks.limitable(), "%s: %s can be limited", name, action)
						continue
					}
					ofOne := func(kind string) bool { return isOf(kind, where) }
					assert.True(t, slices.ContainsFunc(slices.Concat(looks.Always, looks.Named), ofOne),
						"%s: AWS looks at no %s for %s", name, where, action)
				}
			}
		}
	}
	assert.ElementsMatch(t, slices.Collect(maps.Keys(known.Actions)), slices.Collect(maps.Keys(asked)),
		"the reference has what is needed, and nothing else")
}

// AWS refuses an action that is granted for only one of the kinds.
func TestEveryNeedHasAllThatAWSAlwaysLooksAt(t *testing.T) {
	known := awsReference(t)
	for name, entry := range entries(needs(t, "eks")) {
		places := map[string][]string{}
		for _, need := range entry.Needs {
			for _, action := range need.Actions {
				places[action] = append(places[action], need.Where...)
			}
		}
		require.NotEmpty(t, places, name)
		for action, where := range places {
			for _, kind := range known.Actions[action].Always {
				assert.True(t, slices.ContainsFunc(where, func(one string) bool { return isOf(kind, one) }),
					"%s: %s also needs %s", name, action, kind)
			}
		}
	}
}

// Every permission that AWS can limit is limited.
func TestOnlyWhatCannotBeLimitedIsGrantedEverywhere(t *testing.T) {
	known := awsReference(t)
	everywhere := 0
	for _, policy := range policies(t).Policies {
		for _, one := range policy.Statements {
			if !slices.Contains(one.Resources, "*") {
				continue
			}
			assert.Len(t, one.Resources, 1, one.SID)
			for _, action := range one.Actions {
				assert.False(t, known.Actions[action].limitable(), "%s: %s can be limited", one.SID, action)
				everywhere++
			}
		}
	}
	assert.NotZero(t, everywhere)
}
