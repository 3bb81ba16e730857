package live

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func ingressOf(name, class string, addresses ...fields) fields {
	return fields{
		"metadata": fields{"name": name}, "spec": fields{"ingressClassName": class},
		"status": fields{"loadBalancer": fields{"ingress": addresses}},
	}
}

func TestAnIngressThatNobodyLooksAfterIsTold(t *testing.T) {
	there := cluster{
		"/apis/networking.k8s.io/v1/ingressclasses": {
			{"metadata": fields{"name": "traefik"}, "spec": fields{"controller": "traefik.io/ingress"}},
		},
		"/apis/networking.k8s.io/v1/namespaces/shop/ingresses": {
			ingressOf("routes", "nginx"), ingressOf("health", "traefik"),
			ingressOf("well", "traefik", fields{"ip": "192.0.2.7"}),
		},
	}

	problems, err := IngressProblems(t.Context(), there, "shop")

	require.NoError(t, err)
	require.Len(t, problems, 2, "one has an address")
	assert.Equal(t, "Ingress routes has no address: there is no IngressClass nginx, so that no controller looks after "+
		"it; install one, or name a class that is there (ingress.className)", problems[0])
	assert.Equal(t, "Ingress health has no address: the controller of class traefik, traefik.io/ingress, has published "+
		"none; look whether it runs, and what it says (ingress.className)", problems[1])
}
