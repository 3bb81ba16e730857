package permissions_test

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/internal/permissions"
)

// clouds maps the names of the clouds in docs/clouds to the packages of Pulumi's providers.
var clouds = map[string]string{"gke": "gcp", "eks": "aws", "aks": "azure"}

// docs returns the path of a file in docs/clouds.
func docs(path ...string) string { return "../../docs/clouds/" + strings.Join(path, "/") }

func read(t *testing.T, path string) []byte {
	t.Helper()
	content, err := os.ReadFile(path)
	require.NoError(t, err)
	return content
}

// written holds the grants, with the documents and the section that are written from them.
type written interface {
	permissions.Grants
	Section() string
	Documents() (map[string]string, error)
}

// granted returns the grants of docs/clouds/<cloud>/permissions.yaml.
func granted(t *testing.T, cloud string) written {
	t.Helper()
	content := read(t, docs(cloud, "permissions.yaml"))
	var grants written
	var err error
	switch cloud {
	case "gke":
		grants, err = permissions.ReadProjectRoles(content)
	case "eks":
		grants, err = permissions.ReadPolicies(content)
	default:
		grants, err = permissions.ReadAssignments(content)
	}
	require.NoError(t, err)
	return grants
}

func needs(t *testing.T, cloud string) *permissions.Needs {
	t.Helper()
	loaded, err := permissions.Load(clouds[cloud])
	require.NoError(t, err)
	return loaded
}

func policies(t *testing.T) *permissions.Policies {
	t.Helper()
	return granted(t, "eks").(*permissions.Policies)
}
