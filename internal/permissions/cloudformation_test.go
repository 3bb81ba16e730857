package permissions_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"
)

// handler holds the permissions of CloudFormation's own handler of a type, and those of them that are not needed here.
type handler struct {
	Source      string            `yaml:"source"`
	Permissions []string          `yaml:"permissions"`
	Exceptions  map[string]string `yaml:"exceptions"`
}

// CloudFormation creates the same resources with the same calls, and AWS itself documents the permissions. An exception
// has its reason, and must be removed when CloudFormation no longer needs the permission or something here does.
func TestAWSItselfNeedsNothingMoreForTheSameResources(t *testing.T) {
	var handlers map[string]handler
	require.NoError(t, yaml.Unmarshal(read(t, "testdata/cloudformation.yaml"), &handlers))
	require.NotEmpty(t, handlers)
	resources := needs(t, "eks").Resources
	for token, theirs := range handlers {
		entry, known := resources[token]
		require.True(t, known, "%s is not needed any more", token)
		var ours []string
		for _, need := range entry.Needs {
			ours = append(ours, need.Actions...)
		}
		assert.Regexp(t, public, theirs.Source)
		require.NotEmpty(t, theirs.Permissions, token)
		for _, action := range theirs.Permissions {
			reason, excepted := theirs.Exceptions[action]
			assert.NotEqual(t, excepted, slices.Contains(ours, action), "%s: %s is needed, or an exception", token, action)
			assert.Equal(t, excepted, reason != "", "%s: %s has no reason", token, action)
		}
		for action := range theirs.Exceptions {
			assert.Contains(t, theirs.Permissions, action, "%s: an exception from nothing", token)
		}
	}
}
