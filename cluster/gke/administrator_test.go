package gke_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/cluster"
	"github.com/dreamseed/platform/cluster/gke"
	"github.com/dreamseed/platform/internal/mocktest"
	"github.com/dreamseed/platform/internal/sandbox/standin/gcp"
)

// administrator returns how a pod signs in to a server.
func administrator(t *testing.T) cluster.Administrator {
	t.Helper()
	var found cluster.Administrator
	mocktest.Run(t, func(ctx *pulumi.Context) error {
		built, err := gke.New(ctx, "cluster", withData())
		if err != nil {
			return err
		}
		made, err := built.NewDatabase(ctx, wanted())
		if err != nil {
			return err
		}
		found = made.Administrator
		return nil
	}, gcp.Cloud())
	return found
}

// passwords answers as the metadata server and the Cloud SQL Admin API do
// (https://cloud.google.com/compute/docs/access/authenticate-workloads,
// https://cloud.google.com/sql/docs/postgres/admin-api/rest/v1/users/update).
type passwords struct {
	*httptest.Server
	path string
	set  map[string]string
}

func newPasswords(t *testing.T, status int) *passwords {
	t.Helper()
	p := &passwords{}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /computeMetadata/v1/instance/service-accounts/default/token",
		func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("Metadata-Flavor") != "Google" {
				http.Error(w, "Missing Metadata-Flavor:Google header.", http.StatusForbidden)
				return
			}
			_, _ = w.Write([]byte(`{"access_token":"ya29.of-the-pod","expires_in":3599,"token_type":"Bearer"}`))
		})
	mux.HandleFunc("PUT /v1/projects/{project}/instances/{instance}/users",
		func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("Authorization") != "Bearer ya29.of-the-pod" || status != http.StatusOK {
				http.Error(w, `{"error":{"status":"PERMISSION_DENIED"}}`, http.StatusForbidden)
				return
			}
			p.path = r.URL.RequestURI()
			assert.NoError(t, json.NewDecoder(r.Body).Decode(&p.set))
			_, _ = w.Write([]byte(`{"kind":"sql#operation","status":"PENDING"}`))
		})
	p.Server = httptest.NewServer(mux)
	t.Cleanup(p.Close)
	return p
}

// run runs the script as its container does, and returns what it printed and the folder that it left.
func (p *passwords) run(t *testing.T, of cluster.Administrator) (printed, folder string, err error) {
	t.Helper()
	folder = t.TempDir()
	script := filepath.Join(t.TempDir(), "administrator.sh")
	require.NoError(t, os.WriteFile(script, []byte(of.Script), 0o600))
	command := exec.CommandContext(t.Context(), "sh", script)
	command.Env = []string{"PATH=" + os.Getenv("PATH"), "ADMINISTRATOR=" + folder + "/administrator"}
	for name, value := range of.Environment {
		if name == "API" || name == "METADATA" {
			value = p.URL
		}
		command.Env = append(command.Env, name+"="+value)
	}
	output, err := command.CombinedOutput()
	return string(output), folder, err
}

func TestTheAdministratorGetsAPasswordForOneRun(t *testing.T) {
	of := administrator(t)
	assert.Equal(t, "postgres", of.Username)
	var former string
	for range 2 {
		api := newPasswords(t, http.StatusOK)
		printed, folder, err := api.run(t, of)
		require.NoError(t, err, printed)
		assert.Empty(t, printed)
		instance := "/v1/projects/dreamseed-project/instances/" + of.Environment["INSTANCE"]
		assert.Equal(t, instance+"/users?name=postgres", api.path)
		written, err := os.ReadFile(filepath.Join(folder, "administrator"))
		require.NoError(t, err)
		assert.Equal(t, map[string]string{"name": "postgres", "password": string(written)}, api.set)
		assert.Len(t, written, 32)
		assert.NotEqual(t, former, string(written), "another one each time")
		former = string(written)
		info, err := os.Stat(filepath.Join(folder, "administrator"))
		require.NoError(t, err)
		assert.Equal(t, os.FileMode(0o600), info.Mode().Perm())
		left, err := os.ReadDir(folder)
		require.NoError(t, err)
		assert.Len(t, left, 1, "no credential is left")
	}
}

func TestAProvisionerWithoutTheRightSaysSo(t *testing.T) {
	printed, folder, err := newPasswords(t, http.StatusForbidden).run(t, administrator(t))
	require.Error(t, err)
	assert.Contains(t, printed, "PERMISSION_DENIED")
	assert.NoFileExists(t, filepath.Join(folder, "administrator"))
}

// An identity that could do more could delete the server.
func TestTheProvisionerMaySetPasswordsOnItsServerAlone(t *testing.T) {
	built := databases(t, withData(), wanted())
	server := built.Each(t, serverType)[0]
	grant := built.Get(t, "gcp:projects/iAMMember:IAMMember", server.Name+"-passwords")
	assert.Equal(t, "projects/dreamseed-project/roles/databasePasswords", grant.At("role"))
	assert.Equal(t, "serviceAccount:provisioner", grant.At("member"))
	assert.Equal(t, `resource.name == "projects/dreamseed-project/instances/`+server.At("name").(string)+
		`" && resource.service == "sqladmin.googleapis.com"`, grant.At("condition", "expression"))
}
