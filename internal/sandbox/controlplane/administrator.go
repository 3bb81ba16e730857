package controlplane

import (
	"fmt"
	"time"

	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/metadata"
	"k8s.io/client-go/rest"

	"github.com/dreamseed/platform/internal/apiserver"
)

// requestTimeout limits one request; a request without an answer by then is repeated.
const requestTimeout = 15 * time.Second

// administrator is a client of the API server with the administrator's rights. It saves the control plane's own few
// requests from starting kubectl each time.
type administrator struct {
	*apiserver.Reader
	objects  dynamic.Interface
	metadata metadata.Interface
}

// config returns the configuration of a client of the API server, which does not limit its own requests. Go reaches
// loopback without a proxy, whatever is set outside (https://pkg.go.dev/net/http#ProxyFromEnvironment); a function that
// says so would keep client-go from sharing one connection among all clients.
func (p plan) config() *rest.Config {
	return &rest.Config{
		Host: p.url(apiServer),
		TLSClientConfig: rest.TLSClientConfig{
			CAFile: p.pki.cert(clusterAuthority), CertFile: p.pki.cert("admin"), KeyFile: p.pki.key("admin"),
		},
		QPS:     -1,
		Timeout: requestTimeout,
	}
}

func newAdministrator(config *rest.Config) (*administrator, error) {
	client, err := rest.HTTPClientFor(config)
	if err != nil {
		return nil, fmt.Errorf("reading the administrator's credentials: %w", err)
	}
	reader, err := apiserver.NewReaderForClient(config, client)
	if err != nil {
		return nil, err
	}
	objects, err := dynamic.NewForConfigAndClient(config, client)
	if err != nil {
		return nil, fmt.Errorf("preparing requests for objects: %w", err)
	}
	partial, err := metadata.NewForConfigAndClient(config, client)
	if err != nil {
		return nil, fmt.Errorf("preparing requests for metadata: %w", err)
	}
	return &administrator{reader, objects, partial}, nil
}

// Reader returns a reader with the administrator's rights.
func (c *ControlPlane) Reader() (*apiserver.Reader, error) {
	s, err := readState(c.stack.ControlPlane())
	if err != nil {
		return nil, err
	}
	return apiserver.NewReader(c.planned(Spec{}, s.Ports).config())
}
