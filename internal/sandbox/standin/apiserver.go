package standin

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"github.com/dreamseed/platform/internal/sandbox/credential"
)

// readAPIServer reads the current address of the sandbox's API server, and the authority that signed its certificate.
func readAPIServer() (APIServer, error) {
	administrator, err := credential.ReadAdministrator()
	return APIServer{URL: administrator.Server, Authority: administrator.Authority}, err
}

// service has the fields of a Kubernetes Service that a cloud reads. The Kubernetes library would be most of the
// program's size.
type service struct {
	Metadata struct {
		Namespace   string            `json:"namespace"`
		Name        string            `json:"name"`
		Annotations map[string]string `json:"annotations"`
	} `json:"metadata"`
	Spec struct {
		Type string `json:"type"`
	} `json:"spec"`
}

// readServices lists all Services of the sandbox's API server.
func readServices(ctx context.Context) (found []service, err error) {
	administrator, err := credential.ReadAdministrator()
	if err != nil {
		return nil, err
	}
	secured, err := security(administrator)
	if err != nil {
		return nil, fmt.Errorf("reading how to reach the sandbox's API server: %w", err)
	}
	transport := &http.Transport{TLSClientConfig: secured}
	defer transport.CloseIdleConnections()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, administrator.Server+"/api/v1/services", nil)
	if err != nil {
		return nil, err
	}
	response, err := (&http.Client{Transport: transport}).Do(request)
	if err != nil {
		return nil, fmt.Errorf("asking the sandbox's API server for its load balancers: %w", err)
	}
	defer func() { err = errors.Join(err, response.Body.Close()) }()
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("asking the sandbox's API server for its load balancers: %s", response.Status)
	}
	var list struct {
		Items []service `json:"items"`
	}
	if err := json.NewDecoder(response.Body).Decode(&list); err != nil {
		return nil, fmt.Errorf("reading the load balancers of the sandbox's API server: %w", err)
	}
	return list.Items, nil
}

// security trusts only the sandbox's authority, and presents the administrator's certificate.
func security(administrator credential.Administrator) (*tls.Config, error) {
	var pems [3][]byte
	for i, encoded := range []string{administrator.Authority, administrator.Certificate, administrator.Key} {
		pem, err := base64.StdEncoding.DecodeString(encoded)
		if err != nil {
			return nil, err
		}
		pems[i] = pem
	}
	certificate, err := tls.X509KeyPair(pems[1], pems[2])
	if err != nil {
		return nil, err
	}
	authorities := x509.NewCertPool()
	if !authorities.AppendCertsFromPEM(pems[0]) {
		return nil, errors.New("its authority is no certificate")
	}
	return &tls.Config{
		RootCAs: authorities, Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS12,
	}, nil
}
