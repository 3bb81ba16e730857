package controlplane

import (
	"context"
	"net/http"
)

// clients are the components' clients by component name. Each trusts only the authority that signed the component's
// certificate, so that an answer can only come from the component and not from another listener. Operators that serve
// health over plain HTTP cannot be authenticated by their answer: the system is asked which process listens (see
// ownsPort).
type clients map[string]api

func newClients(p plan) (clients, error) {
	admin, err := p.pki.client(clusterAuthority, "admin")
	if err != nil {
		return nil, err
	}
	etcdClient, err := p.pki.client(etcdAuthority, "etcd-client")
	if err != nil {
		return nil, err
	}
	all := clients{}
	for _, c := range p.components {
		all[c.name] = newAPI(c.url(p), admin)
	}
	all[etcd] = newAPI(p.url(etcd), etcdClient)
	return all, nil
}

// health asks a component whether it is ready. It returns nil if it is.
func (c clients) health(ctx context.Context, of component) error {
	return c[of.name].do(ctx, http.MethodGet, of.health, nil, nil)
}
