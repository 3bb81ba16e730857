package ingress

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/internal/namespace"
	"github.com/dreamseed/platform/internal/operator"
	"github.com/dreamseed/platform/services/catalogue"
)

// OperatorsArgs are the inputs of Operators.
type OperatorsArgs struct {
	// Namespace is the namespace of the services, and Services are their pods in it.
	Namespace string
	Services  namespace.Pods
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
	return append(needed, operator.NewTraefik(operator.TraefikArgs{
		Namespaces:         []string{args.Namespace},
		IngressClass:       s.ClassName,
		CertificateChecker: string(operator.CertManager),
		ServiceAnnotations: args.ServiceAnnotations,
		Backends: []namespace.Peer{
			{Namespace: args.Namespace, Pods: args.Services, TCP: []int{catalogue.Port}},
			{Namespace: args.Namespace, Pods: ChallengePods(), TCP: []int{ChallengePort}},
		},
	}))
}
