package standin

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	"github.com/pulumi/pulumi/sdk/v3/go/common/tokens"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"

	"github.com/dreamseed/platform/internal/sandbox/layout"
)

const (
	skyCluster = "sky:index:Cluster"
	skyPool    = "sky:index:Pool"
)

// sky is a fictitious cloud.
func sky() Cloud {
	return Cloud{
		Package: "sky",
		Version: "1.2.3",
		Config:  []string{"project", "region"},
		Resources: map[string]Resource{
			skyCluster: {
				Source: "https://sky.example/cluster",
				Inputs: []string{
					"name", "region", "size", "description", "protected", "network.subnet", "network.public", "auth.user",
				},
				Required:   []string{"name", "network.subnet"},
				Replaces:   []string{"name", "network.subnet"},
				ID:         Text("{project}/{region}/{name}/{serial}"),
				Protection: "protected",
				Secrets:    []string{"auth.password"},
				Outputs: map[string]Value{
					"region":         Text("{region}"),
					"endpoint":       ServerURL,
					"auth.authority": ServerAuthority,
					"auth.password":  Constant("planted-password"),
					"link":           Text("https://sky.example/{project}/{region}/{name}"),
					"path":           Text("/{id}"),
					"capacity":       Text("{size} stars"),
				},
			},
			skyPool: {
				Source:   "https://sky.example/pool",
				Inputs:   []string{"labels.*", "taints.key", "taints.value", "zones"},
				Required: []string{"taints.key"},
				Replaces: []string{"taints.key", "labels.*"},
				ID:       Text("pool-{serial}"),
				Outputs:  map[string]Value{"taints.origin": Constant("sky")},
			},
		},
		Rules: skyRules(),
		Functions: map[string]Function{
			"sky:index:getProject": {
				Source:    "https://sky.example/project",
				Arguments: []string{"name"},
				Result:    map[string]Value{"number": Text("{name}-1"), "token": Constant("planted-token")},
				Secrets:   []string{"token"},
			},
		},
	}
}

// star returns valid inputs of a cluster in sky, with some of them changed. Nil removes an input.
func star(changed map[string]any) map[string]any {
	inputs := map[string]any{"name": "star", "size": 3, "network": map[string]any{"subnet": "low"}}
	for name, value := range changed {
		if value == nil {
			delete(inputs, name)
			continue
		}
		inputs[name] = value
	}
	return inputs
}

func urn(token string) resource.URN {
	return resource.NewURN("test", "dreamseed", "", tokens.Type(token), "one")
}

func properties(values map[string]any) resource.PropertyMap {
	return resource.NewPropertyMapFromMap(values)
}

// engine is the engine's side of a provider for sky in this process, with the messages that the provider made it show.
type engine struct {
	pulumirpc.UnimplementedEngineServer
	plugin.Provider

	shown chan *pulumirpc.LogRequest
	// memory is the provider's memory.
	memory *Memory
	// balancers are the Services of the cluster.
	balancers []service
}

func (e *engine) services(context.Context) ([]service, error) { return e.balancers, nil }

// start serves sky to an engine, without configuring it.
func start(t *testing.T) *engine {
	t.Helper()
	sandbox(t, "https://127.0.0.1:6443", "planted-authority")
	e := &engine{shown: make(chan *pulumirpc.LogRequest, 2), memory: NewMemory()}
	address := listen(t, func(server *grpc.Server) { pulumirpc.RegisterEngineServer(server, e) })
	served := &provider{cloud: sky(), engine: address, memory: e.memory, services: e.services}
	connection, err := grpc.NewClient(listen(t, served.Register),
		grpc.WithTransportCredentials(insecure.NewCredentials()))
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, connection.Close()) })
	e.Provider = plugin.NewProviderWithClient(nil, pulumirpc.NewResourceProviderClient(connection), false)
	return e
}

// configured serves sky to an engine, in the project "milky" and the region "north".
func configured(t *testing.T) *engine {
	t.Helper()
	e := start(t)
	kind := tokens.Type("pulumi:providers:sky")
	_, err := e.Configure(t.Context(), plugin.ConfigureRequest{
		Type:   &kind,
		Inputs: properties(map[string]any{"version": "1.2.3", "project": "milky", "region": "north"}),
	})
	require.NoError(t, err)
	return e
}

// listen serves on loopback until the test ends.
func listen(t *testing.T, register func(*grpc.Server)) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	server := grpc.NewServer()
	register(server)
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	t.Cleanup(func() {
		server.Stop()
		require.NoError(t, <-ended)
	})
	return listener.Addr().String()
}

// sandbox writes a kubeconfig for the sandbox's API server.
func sandbox(t *testing.T, server, authority string) {
	t.Helper()
	sandboxOf(t, server, authority, "certificate", "key")
}

// sandboxOf is sandbox with an administrator's certificate and key.
func sandboxOf(t *testing.T, server, authority, certificate, key string) {
	t.Helper()
	encode := func(text string) string { return base64.StdEncoding.EncodeToString([]byte(text)) }
	path := filepath.Join(t.TempDir(), "kubeconfig")
	require.NoError(t, os.WriteFile(path, fmt.Appendf(nil, `
current-context: sandbox
contexts: [{name: sandbox, context: {cluster: sandbox, user: administrator}}]
clusters: [{name: sandbox, cluster: {server: %q, certificate-authority-data: %s}}]
users: [{name: administrator, user: {client-certificate-data: %s, client-key-data: %s}}]
`, server, encode(authority), encode(certificate), encode(key)), 0o600))
	t.Setenv(layout.KubeconfigVariable, path)
}

// keyPair returns a certificate and its key in PEM.
func keyPair(t *testing.T, of tls.Certificate) (certificate, key string) {
	t.Helper()
	private, err := x509.MarshalPKCS8PrivateKey(of.PrivateKey)
	require.NoError(t, err)
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: of.Certificate[0]})),
		string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private}))
}
