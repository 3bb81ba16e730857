package existing_test

import (
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/client-go/tools/clientcmd/api"

	"github.com/dreamseed/platform/cluster"
	"github.com/dreamseed/platform/cluster/existing"
	"github.com/dreamseed/platform/internal/invalid"
	"github.com/dreamseed/platform/internal/mocktest"
)

// wanted is the context that the Spec asks for.
const wanted = "wanted"

func spec(reached cluster.ExistingSpec) *cluster.Spec {
	return &cluster.Spec{Cloud: cluster.Existing, Name: "dreamseed-test", Existing: reached}
}

// byPath returns a spec with the path of a kubeconfig file of this content, and the wanted context.
func byPath(t *testing.T, content string) cluster.ExistingSpec {
	t.Helper()
	return cluster.ExistingSpec{KubeconfigPath: mocktest.KubeconfigFile(t, content), Context: wanted}
}

// leadingTo returns a kubeconfig whose wanted context points to the server.
func leadingTo(t *testing.T, server *mocktest.APIServer) string {
	t.Helper()
	return mocktest.Kubeconfig(t, "", map[string]*api.Cluster{wanted: server.Cluster()})
}

// build runs the Builder in a program of its own.
func build(reached cluster.ExistingSpec) (*mocktest.Recording, *cluster.Cluster, error) {
	var built *cluster.Cluster
	recording, err := mocktest.Try(func(ctx *pulumi.Context) error {
		var err error
		built, err = existing.New(ctx, "cluster", spec(reached))
		return err
	})
	return recording, built, err
}

// refused returns the error of a Builder that must not have registered anything.
func refused(t *testing.T, reached cluster.ExistingSpec) error {
	t.Helper()
	recording, built, err := build(reached)
	require.Error(t, err)
	assert.Nil(t, built)
	assert.Empty(t, recording.Resources, "nothing is registered before the check")
	return err
}

// refusedKey returns the configuration key that the error is about.
func refusedKey(t *testing.T, err error) string {
	t.Helper()
	var problems invalid.Problems
	require.ErrorAs(t, err, &problems)
	require.Len(t, problems, 1)
	return problems[0].Key
}

func TestAKubeconfigThatCannotBeRead(t *testing.T) {
	unreadable := "planted-token: ["
	cases := map[string]struct {
		reason string
		reach  cluster.ExistingSpec
		key    string
	}{
		"no such file": {
			reason: "the path is wrong",
			reach:  cluster.ExistingSpec{KubeconfigPath: filepath.Join(t.TempDir(), "none"), Context: wanted},
			key:    "cluster.existing.kubeconfigPath",
		},
		"folder": {
			reason: "the path is wrong",
			reach:  cluster.ExistingSpec{KubeconfigPath: t.TempDir(), Context: wanted},
			key:    "cluster.existing.kubeconfigPath",
		},
		"file of something else": {
			reason: "it is no kubeconfig",
			reach:  byPath(t, unreadable),
			key:    "cluster.existing.kubeconfigPath",
		},
		"content of something else": {
			reason: "it is no kubeconfig",
			reach:  cluster.ExistingSpec{Kubeconfig: unreadable, Context: wanted},
			key:    "cluster.existing.kubeconfig",
		},
		"empty file": {
			reason: "it has no context at all",
			reach:  byPath(t, ""),
			key:    "cluster.existing.context",
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			err := refused(t, c.reach)
			assert.Equal(t, c.key, refusedKey(t, err), c.reason)
			assert.NotContains(t, err.Error(), "planted-token", "a kubeconfig is a secret")
		})
	}
}

func TestAContextThatDoesNotExistListsThoseThatDo(t *testing.T) {
	server := mocktest.NewAPIServer(t, http.StatusOK)
	content := mocktest.Kubeconfig(t, "b", map[string]*api.Cluster{
		"c": server.Cluster(), "a": server.Cluster(), "b": server.Cluster(),
	})
	for name, reached := range map[string]cluster.ExistingSpec{
		"path":    byPath(t, content),
		"content": {Kubeconfig: content, Context: wanted},
	} {
		t.Run(name, func(t *testing.T) {
			err := refused(t, reached)
			assert.Equal(t, "cluster.existing.context", refusedKey(t, err))
			assert.ErrorContains(t, err, "a, b, c")
		})
	}
	assert.Zero(t, server.Connections(), "the current context is never used instead")
}

func TestAContextWithoutACluster(t *testing.T) {
	config := api.NewConfig()
	config.Contexts[wanted] = &api.Context{Cluster: "gone"}
	content, err := clientcmd.Write(*config)
	require.NoError(t, err)
	assert.ErrorContains(t, refused(t, byPath(t, string(content))), "reading context wanted")
}

func TestAServerThatDoesNotAnswer(t *testing.T) {
	gone := httptest.NewTLSServer(http.NotFoundHandler())
	address := &api.Cluster{Server: gone.URL, InsecureSkipTLSVerify: true}
	gone.Close()
	err := refused(t, byPath(t, mocktest.Kubeconfig(t, "", map[string]*api.Cluster{wanted: address})))
	for _, part := range []string{wanted, gone.URL, "does not answer", "Nothing was changed"} {
		require.ErrorContains(t, err, part)
	}
	assert.NotContains(t, err.Error(), "token-of-", "the credentials stay where they are")
}

func TestAServerThatIsAnotherThanTheKubeconfigSays(t *testing.T) {
	impostor := mocktest.NewAPIServer(t, http.StatusOK).Cluster()
	impostor.CertificateAuthorityData = foreignAuthority(t)
	err := refused(t, byPath(t, mocktest.Kubeconfig(t, "", map[string]*api.Cluster{wanted: impostor})))
	assert.ErrorContains(t, err, "certificate")
}

// A plain preview sends no other request to the API server, and would pass.
func TestCredentialsThatTheServerRefusesAreOneMessage(t *testing.T) {
	for status, says := range map[int]string{
		http.StatusUnauthorized: "expired",
		http.StatusForbidden:    "system:discovery",
		http.StatusNotFound:     "no Kubernetes API",
	} {
		t.Run(http.StatusText(status), func(t *testing.T) {
			server := mocktest.NewAPIServer(t, status)
			err := refused(t, byPath(t, leadingTo(t, server)))
			for _, part := range []string{
				"context wanted", server.URL, strconv.Itoa(status), says, "Nothing was changed",
			} {
				require.ErrorContains(t, err, part)
			}
			assert.NotContains(t, err.Error(), "token-of-", "the credentials stay where they are")
		})
	}
}

// The identity's permissions do not matter here: any response shows that the server is there.
func TestAnyOtherAnswerWillDo(t *testing.T) {
	for _, status := range []int{http.StatusOK, http.StatusTooManyRequests, http.StatusServiceUnavailable} {
		t.Run(http.StatusText(status), func(t *testing.T) {
			server := mocktest.NewAPIServer(t, status)
			recording, _, err := build(byPath(t, leadingTo(t, server)))
			require.NoError(t, err)
			assert.Len(t, recording.Resources, 2)
			assert.Positive(t, server.Connections(), "it was asked")
		})
	}
}

// The credential plugin reports why it has no token.
func TestACommandThatGetsNoCredentialsIsOneMessage(t *testing.T) {
	server := mocktest.NewAPIServer(t, http.StatusOK)
	config := api.NewConfig()
	config.Clusters[wanted] = server.Cluster()
	config.AuthInfos[wanted] = &api.AuthInfo{Exec: &api.ExecConfig{
		Command: "false", APIVersion: "client.authentication.k8s.io/v1", InteractiveMode: api.NeverExecInteractiveMode,
	}}
	config.Contexts[wanted] = &api.Context{Cluster: wanted, AuthInfo: wanted}
	content, err := clientcmd.Write(*config)
	require.NoError(t, err)
	err = refused(t, byPath(t, string(content)))
	for _, part := range []string{"context wanted", "getting credentials", "exit code 1", "Nothing was changed"} {
		assert.ErrorContains(t, err, part)
	}
}

func TestAServerIsFoundWithoutItsProtocol(t *testing.T) {
	server := mocktest.NewAPIServer(t, http.StatusOK)
	address := server.Cluster()
	address.Server = address.Server[len("https://"):]
	_, _, err := build(byPath(t, mocktest.Kubeconfig(t, "", map[string]*api.Cluster{wanted: address})))
	assert.NoError(t, err, "kubectl takes it too")
}

func TestAPathMayBeginWithTheHomeFolder(t *testing.T) {
	home := t.TempDir()
	t.Setenv("HOME", home)
	server := mocktest.NewAPIServer(t, http.StatusOK)
	require.NoError(t, os.WriteFile(filepath.Join(home, "cluster.yaml"), []byte(leadingTo(t, server)), 0o600))
	_, _, err := build(cluster.ExistingSpec{KubeconfigPath: "~/cluster.yaml", Context: wanted})
	assert.NoError(t, err)
}

// Everything that another tool would fall back to points to a decoy. The decoy counts no connection, whether the wanted
// context exists or not, and does count one of a client that falls back.
func TestTheAmbientKubeconfigIsNeverUsed(t *testing.T) {
	decoy, server := mocktest.NewAPIServer(t, http.StatusOK), mocktest.NewAPIServer(t, http.StatusOK)
	lure := mocktest.Kubeconfig(t, "decoy", map[string]*api.Cluster{"decoy": decoy.Cluster(), wanted: decoy.Cluster()})
	home := t.TempDir()
	require.NoError(t, os.Mkdir(filepath.Join(home, ".kube"), 0o700))
	require.NoError(t, os.WriteFile(filepath.Join(home, ".kube", "config"), []byte(lure), 0o600))
	t.Setenv("HOME", home)
	t.Setenv("KUBECONFIG", mocktest.KubeconfigFile(t, lure))
	t.Setenv("KUBERNETES_MASTER", decoy.URL)

	contexts := map[string]*api.Cluster{"decoy": decoy.Cluster()}
	without := mocktest.Kubeconfig(t, "decoy", contexts)
	with := maps.Clone(contexts)
	with[wanted] = server.Cluster()

	for _, reached := range []cluster.ExistingSpec{
		byPath(t, without), byPath(t, ""), {Kubeconfig: without, Context: wanted},
	} {
		require.Error(t, refused(t, reached))
	}
	recording, _, err := build(byPath(t, mocktest.Kubeconfig(t, "decoy", with)))
	require.NoError(t, err)
	assert.Zero(t, decoy.Connections())
	assert.Positive(t, server.Connections())
	provider := recording.Get(t, providerType, "cluster-kubernetes")
	assert.Equal(t, wanted, provider.At("context"), "the provider does not fall back either")

	reachAmbient(t)
	assert.Positive(t, decoy.Connections(), "the decoy does count")
}

// reachAmbient sends a request to the server that a client without an explicit kubeconfig finds.
func reachAmbient(t *testing.T) {
	t.Helper()
	ambient, err := clientcmd.NewNonInteractiveDeferredLoadingClientConfig(
		clientcmd.NewDefaultClientConfigLoadingRules(), nil).ClientConfig()
	require.NoError(t, err)
	client, err := rest.HTTPClientFor(ambient)
	require.NoError(t, err)
	response, err := client.Get(ambient.Host)
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
}

const providerType = "pulumi:providers:kubernetes"

// The credential in the file never enters the state.
func TestAPathIsHandedOnAsAPath(t *testing.T) {
	reached := byPath(t, leadingTo(t, mocktest.NewAPIServer(t, http.StatusOK)))
	recording, _, err := build(reached)
	require.NoError(t, err)
	provider := recording.Get(t, providerType, "cluster-kubernetes")
	assert.Equal(t, reached.KubeconfigPath, provider.At("kubeconfig"))
	assert.Empty(t, provider.Secrets, "a path is no secret, and is to be seen in a preview")
}

func TestContentIsHandedOnAsASecret(t *testing.T) {
	content := leadingTo(t, mocktest.NewAPIServer(t, http.StatusOK))
	recording, _, err := build(cluster.ExistingSpec{Kubeconfig: content, Context: wanted})
	require.NoError(t, err)
	provider := recording.Get(t, providerType, "cluster-kubernetes")
	assert.Equal(t, content, provider.At("kubeconfig"))
	assert.Equal(t, []string{"kubeconfig"}, provider.Secrets)
}

func TestTheProviderIsPinnedToTheCluster(t *testing.T) {
	recording, _, err := build(byPath(t, leadingTo(t, mocktest.NewAPIServer(t, http.StatusOK))))
	require.NoError(t, err)
	provider := recording.Get(t, providerType, "cluster-kubernetes")
	assert.Equal(t, "dreamseed-test", provider.At("clusterIdentifier"),
		"a renewed certificate authority must not look like another cluster")
	assert.Equal(t, wanted, provider.At("context"))
	recording.AssertParents(t, "cluster")
}

func TestSpotNodesAreThoseThatSomebodyHasMarked(t *testing.T) {
	_, built, err := build(byPath(t, leadingTo(t, mocktest.NewAPIServer(t, http.StatusOK))))
	require.NoError(t, err)
	assert.Equal(t, cluster.Spot{Key: "dreamseed.ai/spot", Value: "true", GracePeriodSeconds: 25}, built.Spot)
}

func TestThePreviewIdentityOfAnExistingClusterIsWhomItsOwnerLetsIn(t *testing.T) {
	cases := map[string]*cluster.Subject{
		"":                      nil,
		"user:oidc:preview":     {Kind: cluster.User, Name: "oidc:preview"},
		"group:previews@a.test": {Kind: cluster.Group, Name: "previews@a.test"},
	}
	for identity, want := range cases {
		server := mocktest.NewAPIServer(t, http.StatusOK)
		given := spec(byPath(t, leadingTo(t, server)))
		given.API.PreviewIdentity = identity
		var told *cluster.Cluster
		_, err := mocktest.Try(func(ctx *pulumi.Context) (err error) {
			told, err = existing.New(ctx, "cluster", given)
			return err
		})
		require.NoError(t, err)
		assert.Equal(t, want, told.Previewer, identity)
	}
}
