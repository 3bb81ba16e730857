package ingress

import "github.com/dreamseed/platform/internal/namespace"

// ChallengePort is the port of ChallengePods (https://cert-manager.io/docs/configuration/acme/http01).
const ChallengePort = 8089

// ChallengePods selects the pods that answer an ACME challenge.
func ChallengePods() namespace.Pods {
	return namespace.Pods{Labels: map[string]string{"acme.cert-manager.io/http01-solver": "true"}}
}

// Backend are pods that routes lead to. A certificate is requested in their namespace.
type Backend struct {
	Namespace string
	Pods      namespace.Pods
	Port      int
}

// Policies returns the policies of the backend's namespace that let the controller reach its pods, and the pods that
// answer a challenge for the certificate.
func (s Spec) Policies(backend Backend) []namespace.Policy {
	if !s.Enabled() {
		return nil
	}
	policies := []namespace.Policy{{
		Name: "allow-ingress-controller", Pods: backend.Pods, Direction: namespace.Ingress,
		Peers: []namespace.Peer{{Namespace: s.ControllerNamespace, TCP: []int{backend.Port}}},
	}}
	if s.Issuer == SelfSigned {
		return policies
	}
	return append(policies, namespace.Policy{
		Name: "allow-certificate-proof", Pods: ChallengePods(), Direction: namespace.Ingress,
		Peers: []namespace.Peer{{Namespace: s.ControllerNamespace, TCP: []int{ChallengePort}}},
	})
}
