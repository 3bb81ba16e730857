package permissions_test

import (
	"maps"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/internal/permissions"
)

// public matches an address that everybody can read.
const public = `^https://([a-z0-9-]+\.)+[a-z]{2,}/`

// entries returns everything that a cloud is asked for, by the function, step or resource that needs it.
func entries(needs *permissions.Needs) map[string]permissions.Entry {
	all := map[string]permissions.Entry{}
	for _, some := range []map[string]permissions.Entry{needs.Functions, needs.Steps, needs.Resources} {
		maps.Copy(all, some)
	}
	if len(needs.Provider.Needs) > 0 {
		all["the provider"] = needs.Provider
	}
	return all
}

func TestEveryNeedHasASource(t *testing.T) {
	for cloud := range clouds {
		loaded := needs(t, cloud)
		require.NotEmpty(t, loaded.Resources, cloud)
		require.NotEmpty(t, loaded.Functions, cloud)
		for name, entry := range entries(loaded) {
			require.NotEmpty(t, entry.Sources, name)
			for _, source := range entry.Sources {
				assert.Regexp(t, public, source, name)
			}
		}
	}
}

func TestEveryNeedNamesActions(t *testing.T) {
	for cloud := range clouds {
		for name, entry := range entries(needs(t, cloud)) {
			require.NotEmpty(t, entry.Needs, name)
			for _, need := range entry.Needs {
				assert.NotEmpty(t, need.Actions, name)
				for _, action := range need.Actions {
					assert.NotContains(t, action, "*", "%s: what is needed is known", name)
				}
				assert.Equal(t, cloud == "gke", need.Where == nil, "%s: only Google Cloud is asked for the project", name)
			}
		}
	}
}

func TestATableWithAnUnknownKeyIsRefused(t *testing.T) {
	for reason, content := range map[string]string{
		"misspelt": "policies: [{name: all, statement: []}]",
		"no list":  "policies: {}",
	} {
		_, err := permissions.ReadPolicies([]byte(content))
		assert.Error(t, err, reason)
	}
}

func TestANeedIsAskedForWhatTheResourceHas(t *testing.T) {
	values := permissions.ValuesOf(map[string]any{
		"name": "one", "address": "https://issuer.example/id", "list": []any{map[string]any{"id": "first"}},
	}, map[string]string{"account": "1"})
	for where, want := range map[string][]permissions.Request{
		"{account}/{name}":  {{Action: "see", Where: "1/one"}},
		"of/{address}":      {{Action: "see", Where: "of/issuer.example/id"}},
		"{list.0.id}":       {{Action: "see", Where: "first"}},
		"{list.1.id}":       nil,
		"{list.name}":       nil,
		"{name}/{another}":  nil,
		"without any value": {{Action: "see", Where: "without any value"}},
	} {
		asked := permissions.Need{Where: []string{where}, Actions: []string{"see"}}.Requests(values)
		for i := range want {
			want[i].With = map[string]string{}
		}
		assert.Equal(t, want, asked, where)
	}
	conditional := permissions.Need{
		Where: []string{"here"}, With: map[string]string{"role": "{another}"}, Actions: []string{"see"},
	}
	assert.Empty(t, conditional.Requests(values), "what it would be asked with is not there")
}

// Contributor may do everything, so this test checks the spelling of the actions: each begins with the resource
// provider and ends like the others of its type.
func TestEveryResourceOfAzureIsReadWrittenAndDeleted(t *testing.T) {
	exceptions := map[string]string{
		"azure-native:keyvault/v20241101:Key":                  "it goes with its vault, and the control plane deletes none",
		"azure-native:storage/v20230501:BlobServiceProperties": "they are a part of the account, and go with it",
	}
	for token, entry := range needs(t, "aks").Resources {
		actions := entry.Needs[0].Actions
		require.Regexp(t, `^Microsoft\.[A-Za-z]+/[A-Za-z/]+/read$`, actions[0], token)
		named := strings.TrimSuffix(actions[0], "read")
		want := []string{named + "read", named + "write", named + "delete"}
		if exceptions[token] != "" {
			want = want[:2]
		}
		assert.Equal(t, want, actions, token)
		service, _, _ := strings.Cut(strings.TrimPrefix(token, "azure-native:"), "/")
		assert.True(t, strings.HasPrefix(strings.ToLower(named), "microsoft."+service+"/"), "%s: %s", token, named)
	}
}
