package full

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"github.com/dreamseed/platform/internal/enginetest/testbed"
	"github.com/dreamseed/platform/internal/leak"
	"github.com/dreamseed/platform/internal/operator"
	"github.com/dreamseed/platform/internal/operator/charttest"
	"github.com/dreamseed/platform/internal/render"
	"github.com/dreamseed/platform/internal/sandbox/components"
	"github.com/dreamseed/platform/services/catalogue"
)

// renderLocal renders the stack local into a folder with the command line.
func renderLocal(t *testing.T, folder string) {
	t.Helper()
	printed := dreamseed(t, "render", "--stack=local", "--output="+folder,
		"--repository=https://github.com/example/platform.git", "--path=manifests/local")
	assert.Contains(t, printed, "0 Helm releases", "a sandbox runs its operators by itself")
}

// kubectl runs kubectl on the stack local. Unlike Testbed.Kubectl it takes the stack for unchanged: what a test adds to
// it there goes again with the test.
func kubectl(ctx context.Context, t *testing.T, words ...string) (string, int) {
	t.Helper()
	return onLocal(ctx, t, local.Layout.Binary("kubectl"), words...)
}

// files returns the contents below a folder, by their paths.
func files(t *testing.T, folder string) map[string]string {
	t.Helper()
	found := map[string]string{}
	require.NoError(t, filepath.WalkDir(folder, func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		found[strings.TrimPrefix(path, folder+string(filepath.Separator))] = string(content)
		return err
	}))
	require.NotEmpty(t, found)
	return found
}

// The API server judges: every manifest is what is deployed.
func TestTheManifestsOfAStackAreWhatIsDeployed(t *testing.T) {
	local.AsTracked(t)
	folder := filepath.Join(t.TempDir(), "local")
	renderLocal(t, folder)
	objects := filepath.Join(folder, "objects")

	t.Run("every file is accepted from another manager", func(t *testing.T) {
		printed, code := kubectl(t.Context(), t, "apply", "--server-side", "--dry-run=server",
			"--field-manager=argocd-controller", "--filename", objects)
		require.Zero(t, code, printed)
		assert.Equal(t, len(files(t, objects)), strings.Count(printed, "serverside-applied"))
	})
	t.Run("no file makes a difference", func(t *testing.T) {
		printed, code := kubectl(t.Context(), t, "diff", "--server-side", "--filename", objects)
		assert.Zero(t, code)
		assert.Empty(t, printed)
	})
	t.Run("a changed value does", func(t *testing.T) {
		const name = "03-externalsecret-dreamseed-local-auth-service-database-url.yaml"
		changed := filepath.Join(t.TempDir(), name)
		content := files(t, objects)[name]
		require.Contains(t, content, "refreshInterval: 0s")
		content = strings.Replace(content, "refreshInterval: 0s", "refreshInterval: 1h0m0s", 1)
		require.NoError(t, os.WriteFile(changed, []byte(content), 0o600))

		printed, code := kubectl(t.Context(), t, "diff", "--server-side", "--force-conflicts", "--filename", changed)

		assert.Equal(t, 1, code, printed)
		assert.Contains(t, printed, "+  refreshInterval: 1h0m0s")
	})
	t.Run("a second run writes the same bytes", func(t *testing.T) {
		before := files(t, folder)
		renderLocal(t, folder)
		assert.Equal(t, before, files(t, folder))
	})
	t.Run("kustomize adds what Argo CD reads and nothing else", func(t *testing.T) { kustomizes(t, folder) })
	t.Run("no Secret's value is in a file", func(t *testing.T) { keepsSecrets(t, folder) })
}

// kustomizes compares what Argo CD applies with the manifests.
func kustomizes(t *testing.T, folder string) {
	printed, code := kubectl(t.Context(), t, "kustomize", folder)
	require.Zero(t, code, printed)
	var manifests, applied []map[string]any
	for _, content := range files(t, filepath.Join(folder, "objects")) {
		manifests = append(manifests, documents(t, content)...)
	}
	waves := map[string]string{}
	for _, one := range documents(t, printed) {
		metadata := one["metadata"].(map[string]any)
		annotations := metadata["annotations"].(map[string]any)
		kind := one["kind"].(string) // what runs a data store is in an earlier wave than the rest of its kind
		waves[kind] = max(waves[kind], annotations["argocd.argoproj.io/sync-wave"].(string))
		for key := range annotations {
			if strings.HasPrefix(key, "argocd.argoproj.io/") {
				delete(annotations, key)
			}
		}
		if len(annotations) == 0 {
			delete(metadata, "annotations")
		}
		applied = append(applied, one)
	}
	assert.ElementsMatch(t, manifests, applied)
	assert.Equal(t, "0", waves["ExternalSecret"])
	assert.Equal(t, "2", waves["Job"], "migrations come after their Secrets")
	assert.Equal(t, "3", waves["Deployment"], "and before what runs on the database")
}

// documents returns the documents of a YAML stream.
func documents(t *testing.T, stream string) []map[string]any {
	t.Helper()
	decoder := yaml.NewDecoder(strings.NewReader(stream))
	var all []map[string]any
	for {
		var one map[string]any
		err := decoder.Decode(&one)
		if errors.Is(err, io.EOF) {
			return all
		}
		require.NoError(t, err)
		all = append(all, one)
	}
}

// namesInSecrets are keys of Secrets whose values are names and addresses, which manifests say openly.
var namesInSecrets = []string{
	"dbname", "host", "port", "user", "username", catalogue.KafkaBootstrapServers, catalogue.KafkaUsername,
	catalogue.ObjectStorageAccessKeyID, catalogue.ObjectStorageEndpoint,
}

// keepsSecrets looks for the value of every Secret in the cluster.
func keepsSecrets(t *testing.T, folder string) {
	secrets := leak.Secrets{}
	for _, secret := range local.Each(t, "secrets", "--all-namespaces") {
		for key, value := range secret.Data {
			if slices.Contains(namesInSecrets, key) {
				continue
			}
			decoded, err := base64.StdEncoding.DecodeString(value.(string))
			require.NoError(t, err)
			secrets[secret.Metadata.Namespace+"/"+secret.Metadata.Name+" "+key] = string(decoded)
		}
	}
	assert.Greater(t, len(secrets), 7, "every service has one")
	assert.Empty(t, leak.Find(secrets, files(t, folder)))
}

// Argo CD's own definition of an Application judges the stack's, and those of the operators that a real environment
// installs.
func TestArgoCDsDefinitionAcceptsTheApplications(t *testing.T) {
	local.AsTracked(t)
	withArgoCD(t)
	folder := filepath.Join(t.TempDir(), "local")
	renderLocal(t, folder)
	releases := filepath.Join(t.TempDir(), "releases")
	renderReleases(t, releases)
	application := filepath.Join(folder, "application.yaml")

	printed, code := kubectl(t.Context(), t, "apply", "--server-side", "--dry-run=server",
		"--filename", application, "--filename", filepath.Join(releases, "releases"))
	require.Zero(t, code, printed)
	assert.Equal(t, 1+len(operator.Names()), strings.Count(printed, "serverside-applied"), printed)

	wrong := filepath.Join(t.TempDir(), "application.yaml")
	content, err := os.ReadFile(application)
	require.NoError(t, err)
	require.Contains(t, string(content), "targetRevision: HEAD")
	content = bytes.Replace(content, []byte("targetRevision: HEAD"), []byte("targetRevision: [HEAD]"), 1)
	require.NoError(t, os.WriteFile(wrong, content, 0o600))
	printed, code = kubectl(t.Context(), t, "apply", "--server-side", "--dry-run=server", "--filename", wrong)
	assert.Equal(t, 1, code, "the control: a field of another type is refused")
	assert.Contains(t, printed, "targetRevision")
}

// withArgoCD adds the kind and the namespace of Argo CD's Applications until the test ends.
func withArgoCD(t *testing.T) {
	t.Helper()
	kind := local.Layout.Binary(filepath.Join(components.ArgoCD, components.ApplicationKind))
	for _, words := range [][]string{
		{"--filename", kind},
		{"namespace", "argocd"},
	} {
		t.Cleanup(func() {
			printed, code := kubectl(context.WithoutCancel(t.Context()), t, append([]string{"delete"}, words...)...)
			assert.Zero(t, code, printed)
		})
		printed, code := kubectl(t.Context(), t, append([]string{"create"}, words...)...)
		require.Zero(t, code, printed)
	}
	require.Eventually(t, func() bool {
		_, code := kubectl(t.Context(), t, "get", "applications.argoproj.io", "--namespace", "argocd")
		return code == 0
	}, testbed.Patience, 100*time.Millisecond, "the API server serves the kind")
}

// renderReleases renders the releases of all operators, as the program registers them.
func renderReleases(t *testing.T, folder string) {
	t.Helper()
	state := &apitype.DeploymentV3{}
	for _, name := range operator.Names() {
		kept, err := json.Marshal(charttest.Registered(t, name).Inputs)
		require.NoError(t, err)
		release := apitype.ResourceV3{Type: "kubernetes:helm.sh/v3:Release", Custom: true}
		require.NoError(t, json.Unmarshal(kept, &release.Inputs))
		state.Resources = append(state.Resources, release)
	}
	rendering, err := render.Render("local", state, nil)
	require.NoError(t, err)
	require.NoError(t, rendering.Write(folder))
}

func TestAStackThatIsNotThereIsNotRendered(t *testing.T) {
	local.AsTracked(t)
	folder := filepath.Join(t.TempDir(), "nowhere")
	printed, code := onLocal(t.Context(), t, filepath.Join(local.Project, "dreamseed"),
		"render", "--stack=nowhere", "--output="+folder)
	assert.Equal(t, 2, code, printed)
	assert.Contains(t, printed, "nowhere")
	assert.NoDirExists(t, folder)
}
