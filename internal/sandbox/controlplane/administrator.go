package controlplane

import (
	"fmt"
	"net/http"
	"net/url"
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

// config returns the configuration of a client of the API server. Whatever is set outside, it uses no proxy, and it
// does not limit its own requests.
func (p plan) config() *rest.Config {
	return &rest.Config{
		Host: p.url(apiServer),
		TLSClientConfig: rest.TLSClientConfig{
			CAFile: p.pki.cert(clusterAuthority), CertFile: p.pki.cert("admin"), KeyFile: p.pki.key("admin"),
		},
		Proxy:   func(*http.Request) (*url.URL, error) { return nil, nil },
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
