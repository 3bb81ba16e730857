package permissions_test

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/internal/permissions"
)

// clouds are the packages of Pulumi's providers, by the name of the cloud in docs/clouds.
var clouds = map[string]string{"gke": "gcp", "eks": "aws", "aks": "azure"}

// docs is a file of docs/clouds.
func docs(path ...string) string { return "../../docs/clouds/" + strings.Join(path, "/") }

func read(t *testing.T, path string) []byte {
	t.Helper()
	content, err := os.ReadFile(path)
	require.NoError(t, err)
	return content
}

// written is what is granted, in the form of something that is written down.
type written interface {
	permissions.Grants
	Section() string
	Documents() (map[string]string, error)
}

// granted is what docs/clouds/<cloud>/permissions.yaml grants.
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
