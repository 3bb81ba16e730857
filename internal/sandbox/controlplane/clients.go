package controlplane

import (
	"context"
	"net/http"
)

// clients ask the components, by name. Each trusts only the authority that signed the component's certificate, so that
// an answer is from the component and not from whoever else listens there. Operators whose health is plain HTTP cannot
// be known by their answer: who listens is asked of the system (see ownsPort).
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
	for _, c := range components {
		all[c.name] = newAPI(c.url(p), admin)
	}
	all[etcd] = newAPI(p.url(etcd), etcdClient)
	return all, nil
}

// health asks a component whether it is ready; no error means yes.
func (c clients) health(ctx context.Context, name string) error {
	for _, component := range components {
		if component.name == name {
			return c[name].do(ctx, http.MethodGet, component.health, nil, nil)
		}
	}
	return nil
}
