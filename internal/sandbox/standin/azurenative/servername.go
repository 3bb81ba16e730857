package azurenative

import (
	"fmt"
	"sync"

	"github.com/dreamseed/platform/internal/sandbox/standin"
)

// serverNames are the names of API servers that are private. Who asks for a kubeconfig names no more than the cluster,
// so that what it is like is remembered from when it was made, changed or read. A cluster to which none of these
// happened in the life of this stand-in is found by any name.
type serverNames struct {
	mutex    sync.Mutex
	privates map[string]privateServer
}

// privateServer is an API server whose address is in the cluster's own network.
type privateServer struct {
	// name is resolved in that network and nowhere else.
	name string
	// public says that there is another name, which everybody resolves.
	public bool
}

func newServerNames() *serverNames { return &serverNames{privates: map[string]privateServer{}} }

// private is a Value: the name of a private API server in the cluster's own network. Any other has none
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

// server is what a kubeconfig leads to: the private name of a private API server, unless the public one is asked for
// (https://github.com/Azure/kubelogin/issues/116). The sandbox's own API server is behind every name that is not
// private.
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

// clusterOf is what tells a cluster from all others of the subscription.
func clusterOf(i standin.Instance) string {
	group, _ := i.Input("resourceGroupName")
	name, _ := i.Input("resourceName")
	return fmt.Sprintf("%v/%v", group, name)
}
