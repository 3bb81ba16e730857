package ingress

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/internal/namespace"
	"github.com/dreamseed/platform/internal/operator"
)

// OperatorsArgs are the inputs of Operators.
type OperatorsArgs struct {
	// Backends are the pods that routes lead to.
	Backends []Backend
	// ServiceAnnotations are the annotations of a Service of type LoadBalancer.
	ServiceAnnotations pulumi.StringMap
}

// Operators returns the operators that the ingress needs: one for its certificate, and its controller if the class is
// Traefik.
func (s Spec) Operators(args OperatorsArgs) []operator.Operator {
	if !s.Enabled() {
		return nil
	}
	needed := []operator.Operator{
		operator.NewCertManager(operator.CertManagerArgs{ControllerNamespace: s.ControllerNamespace}),
	}
	if s.ClassName != Traefik {
		return needed
	}
	traefik := operator.TraefikArgs{
		IngressClass:       s.ClassName,
		CertificateChecker: string(operator.CertManager),
		ServiceAnnotations: args.ServiceAnnotations,
	}
	for _, one := range args.Backends {
		traefik.Namespaces = append(traefik.Namespaces, one.Namespace)
		traefik.Backends = append(traefik.Backends,
			namespace.Peer{Namespace: one.Namespace, Pods: one.Pods, TCP: []int{one.Port}},
			namespace.Peer{Namespace: one.Namespace, Pods: ChallengePods(), TCP: []int{ChallengePort}})
	}
	return append(needed, operator.NewTraefik(traefik))
}
