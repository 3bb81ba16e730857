package controlplane

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
)

// probes are the clients that ask components for their health, by component. Each trusts only the authority that signed
// the component's certificate, so that an answer can only come from the component and not from another listener.
// Operators that serve health over plain HTTP cannot be authenticated by their answer: the system is asked which
// process listens (see ownsPort).
type probes struct {
	plan           plan
	cluster, etcds *http.Client
}

func newProbes(p plan) (probes, error) {
	admin, err := p.probe(clusterAuthority, "admin")
	if err != nil {
		return probes{}, err
	}
	etcds, err := p.probe(etcdAuthority, "etcd-client")
	return probes{p, admin, etcds}, err
}

// probe returns a client that uses no proxy, whatever is set outside.
func (p plan) probe(authority, user string) (*http.Client, error) {
	credentials, err := p.pki.client(authority, user)
	if err != nil {
		return nil, err
	}
	return &http.Client{Transport: &http.Transport{TLSClientConfig: credentials}, Timeout: requestTimeout}, nil
}

// health asks a component whether it is ready. It returns nil if it is.
func (p probes) health(ctx context.Context, of component) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, of.url(p.plan)+of.health, nil)
	if err != nil {
		return err
	}
	client := p.cluster
	if of.name == etcd {
		client = p.etcds
	}
	response, err := client.Do(request)
	if err != nil {
		return err
	}
	defer func() { _ = response.Body.Close() }() // it was only read
	said, err := io.ReadAll(response.Body)
	if err == nil && response.StatusCode >= http.StatusMultipleChoices {
		err = fmt.Errorf("answered %d: %s", response.StatusCode, bytes.TrimSpace(said))
	}
	return err
}
