package platform_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"github.com/dreamseed/platform/data/store"
	"github.com/dreamseed/platform/internal/config"
	"github.com/dreamseed/platform/internal/mocktest"
)

// The golden files show all resources of one service's secrets on each cloud, for the review of changes.
func TestTheSecretsOfOneServiceInFull(t *testing.T) {
	eachStack(t, func(t *testing.T, cfg *config.Config, built *mocktest.Recording) {
		if cfg.Environment != config.Staging && cfg.Data.Postgres.Mode != store.Managed {
			mocktest.AssertGolden(t, "secrets-"+string(cfg.Cluster.Cloud), inFull(t, secretResources(built, "auth")))
		}
	})
}

// secretResources returns every resource that gives a service its secrets: the identity of the reader, and the objects
// of the operator.
func secretResources(built *mocktest.Recording, service string) []*mocktest.Resource {
	var found []*mocktest.Resource
	for _, one := range built.Resources {
		if one.Custom && strings.HasPrefix(one.Name, service+"-secrets-") {
			found = append(found, one)
		}
	}
	return found
}

// inFull returns a YAML document for each resource: its type and name, the other resources that it waits for, and its
// inputs.
func inFull(t *testing.T, resources []*mocktest.Resource) string {
	t.Helper()
	var documents bytes.Buffer
	for _, one := range resources {
		fmt.Fprintf(&documents, "---\n# %s %s\n", one.Type, one.Name)
		var first []string
		for _, other := range resources {
			if slices.Contains(one.Dependencies, other.Ref()) {
				first = append(first, other.Name)
			}
		}
		if len(first) > 0 {
			fmt.Fprintf(&documents, "# after %s\n", strings.Join(first, ", "))
		}
		encoder := yaml.NewEncoder(&documents)
		encoder.SetIndent(2)
		require.NoError(t, encoder.Encode(opened(one.Inputs)))
		require.NoError(t, encoder.Close())
	}
	return keyID.ReplaceAllString(documents.String(), "key/(drawn)")
}

// keyID matches the ID of a key on AWS, which changes whenever the stand-in creates it.
var keyID = regexp.MustCompile(`\bkey/[a-z0-9]{17}\b`)

// opened decodes text that contains JSON, such as a policy.
func opened(value any) any {
	switch value := value.(type) {
	case map[string]any:
		fields := map[string]any{}
		for name, field := range value {
			fields[name] = opened(field)
		}
		return fields
	case []any:
		var items []any
		for _, item := range value {
			items = append(items, opened(item))
		}
		return items
	case string:
		var document map[string]any
		if json.Unmarshal([]byte(value), &document) == nil && document != nil {
			return map[string]any{"(JSON)": document}
		}
	}
	return value
}
