package azurenative

import (
	"fmt"
	"sync"

	"github.com/dreamseed/platform/internal/sandbox/standin"
)

// serverNames holds the names of private API servers. A request for a kubeconfig only names the cluster, so the
// cluster's settings are recorded when it is created, changed or read. A cluster without such a record in this process
// is found by any name.
type serverNames struct {
	mutex    sync.Mutex
	privates map[string]privateServer
}

// privateServer is an API server with an address in the cluster's own network.
type privateServer struct {
	// name resolves in that network only.
	name string
	// public reports whether there is another name, which resolves everywhere.
	public bool
}

func newServerNames() *serverNames { return &serverNames{privates: map[string]privateServer{}} }

// private is a Value: the name of a private API server in the cluster's own network, or "" for any other API server
// (https://learn.microsoft.com/azure/aks/private-clusters).
func (s *serverNames) private(i standin.Instance) any {
	if on, _ := i.Input("apiServerAccessProfile.enablePrivateCluster"); on != true {
		return ""
	}
	name := standin.Text("{dnsPrefix}-5f0c2a10.privatelink.{location}.azmk8s.io")(i)
	public, _ := i.Input("apiServerAccessProfile.enablePrivateClusterPublicFQDN")
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.privates[clusterOf(i)] = privateServer{name: fmt.Sprint(name), public: public == true}
	return name
}

// server returns the address for a kubeconfig: the private name of a private API server, unless the public one is asked
// for (https://github.com/Azure/kubelogin/issues/116). Every name that is not private leads to the sandbox's own API
// server.
func (s *serverNames) server(i standin.Instance) (string, error) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	found, private := s.privates[clusterOf(i)]
	asked, _ := i.Input("serverFqdn")
	switch public := asked == "public"; {
	case !private:
		return i.Server.URL, nil
	case !public:
		return "https://" + found.name + ":443", nil
	case !found.public:
		return "", fmt.Errorf("cluster %s has no public name", clusterOf(i))
	default:
		return i.Server.URL, nil
	}
}

// clusterOf returns a key that identifies a cluster within the subscription.
func clusterOf(i standin.Instance) string {
	group, _ := i.Input("resourceGroupName")
	name, _ := i.Input("resourceName")
	return fmt.Sprintf("%v/%v", group, name)
}
