package standin_test

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/mod/modfile"

	"github.com/dreamseed/platform/internal/sandbox/standin"
	"github.com/dreamseed/platform/internal/sandbox/standin/aws"
	"github.com/dreamseed/platform/internal/sandbox/standin/azurenative"
	"github.com/dreamseed/platform/internal/sandbox/standin/gcp"
)

// clouds returns the stand-ins, by the SDK module that sets the version.
func clouds() map[string]standin.Cloud {
	return map[string]standin.Cloud{
		"github.com/pulumi/pulumi-gcp/sdk/v7":          gcp.Cloud(),
		"github.com/pulumi/pulumi-aws/sdk/v6":          aws.Cloud(),
		"github.com/pulumi/pulumi-azure-native-sdk/v2": azurenative.Cloud(),
	}
}

func eachResource(t *testing.T, test func(t *testing.T, known standin.Resource)) {
	t.Helper()
	for _, cloud := range clouds() {
		for token, known := range cloud.Resources {
			t.Run(token, func(t *testing.T) { test(t, known) })
		}
	}
}

func TestEveryEntryNamesItsSource(t *testing.T) {
	eachResource(t, func(t *testing.T, known standin.Resource) {
		assert.True(t, strings.HasPrefix(known.Source, "https://"), known.Source)
	})
	for _, cloud := range clouds() {
		for token, function := range cloud.Functions {
			assert.True(t, strings.HasPrefix(function.Source, "https://"), token)
		}
	}
}

// A rule about a property that cannot be set would never apply.
func TestEveryRuleIsAboutAnInput(t *testing.T) {
	eachResource(t, func(t *testing.T, known standin.Resource) {
		rules := slices.Concat(known.Replaces, known.Required)
		if known.Protection != "" {
			rules = append(rules, known.Protection)
		}
		for _, rule := range rules {
			assert.True(t, slices.ContainsFunc(known.Inputs, func(input string) bool {
				return input == rule || strings.HasPrefix(input, rule+".")
			}), rule)
		}
	})
}

func TestNothingIsBothKeptAndComputed(t *testing.T) {
	eachResource(t, func(t *testing.T, known standin.Resource) {
		for output := range known.Outputs {
			assert.NotContains(t, known.Inputs, output, "it is filled in over what the program says")
		}
	})
}

func TestTheVersionsAreThoseOfTheSDKs(t *testing.T) {
	content, err := os.ReadFile("../../../go.mod")
	require.NoError(t, err)
	module, err := modfile.Parse("go.mod", content, nil)
	require.NoError(t, err)
	required := map[string]string{}
	for _, one := range module.Require {
		required[one.Mod.Path] = one.Mod.Version
	}
	for sdk, cloud := range clouds() {
		assert.Equal(t, required[sdk], "v"+cloud.Version, sdk)
	}
}

func TestTheTablesHaveNoFlaw(t *testing.T) {
	for _, cloud := range clouds() {
		t.Run(cloud.Package, func(t *testing.T) { assert.NoError(t, cloud.Check()) })
	}
}
