package ingress

import (
	"github.com/dreamseed/platform/internal/namespace"
	"github.com/dreamseed/platform/services/catalogue"
)

// ChallengePort is the port of ChallengePods (https://cert-manager.io/docs/configuration/acme/http01).
const ChallengePort = 8089

// ChallengePods selects the pods that answer an ACME challenge.
func ChallengePods() namespace.Pods {
	return namespace.Pods{Labels: map[string]string{"acme.cert-manager.io/http01-solver": "true"}}
}

// Policies returns the policies that let the controller reach the pods of the services, and the pods that answer a
// challenge for the host's certificate.
func (s Spec) Policies(services namespace.Pods) []namespace.Policy {
	if !s.Enabled() {
		return nil
	}
	policies := []namespace.Policy{{
		Name: "allow-ingress-controller", Pods: services, Direction: namespace.Ingress,
		Peers: []namespace.Peer{{Namespace: s.ControllerNamespace, TCP: []int{catalogue.Port}}},
	}}
	if s.Issuer == SelfSigned {
		return policies
	}
	return append(policies, namespace.Policy{
		Name: "allow-certificate-proof", Pods: ChallengePods(), Direction: namespace.Ingress,
		Peers: []namespace.Peer{{Namespace: s.ControllerNamespace, TCP: []int{ChallengePort}}},
	})
}
