package platform

import (
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/internal/config"
	"github.com/dreamseed/platform/services/catalogue"
)

const (
	// healthPath is what a smoke test asks. It leads through the controller to a service that answers it.
	healthPath = "/health"
	// healthService is what every request passes through.
	healthService = "auth"
	// certificateSecret holds the certificate of the host.
	certificateSecret = "dreamseed-tls" //nolint:gosec // the name of a Secret, and nothing secret
	// issuerName is that of the Issuer.
	issuerName = "dreamseed"
	// servicePort is where the services' pods listen, proofPort where the one does that answers an ACME challenge
	// (https://cert-manager.io/docs/configuration/acme/http01).
	servicePort = catalogue.Port
	proofPort   = 8089
)

// Ingress is how requests of users come to the services.
type Ingress struct {
	pulumi.ResourceState
}

// IngressArgs says what leads where.
type IngressArgs struct {
	// Namespace is that of the services.
	Namespace string
	// Config is the stack's configuration.
	Config config.Ingress
	// DeadlineSeconds is how long the controller may take to publish an address.
	DeadlineSeconds int
	// Operators must have been installed, and Services must run, before a route leads to them.
	Operators, Services []pulumi.Resource
}

// NewIngress registers the routes, their rate limits and the certificate.
func NewIngress(
	ctx *pulumi.Context, name string, args *IngressArgs, opts ...pulumi.ResourceOption,
) (*Ingress, error) {
	ingress := &Ingress{}
	if err := ctx.RegisterComponentResource("dreamseed:platform:Ingress", name, ingress, opts...); err != nil {
		return nil, fmt.Errorf("registering the ingress: %w", err)
	}
	child := []pulumi.ResourceOption{pulumi.Parent(ingress), pulumi.DependsOn(args.Operators)}
	if err := newCertificate(ctx, name, args, child...); err != nil {
		return nil, err
	}
	for _, group := range grouped(args.Config.Routes) {
		if err := newRoutes(ctx, name, args, group, child...); err != nil {
			return nil, err
		}
	}
	if err := newHealthRoute(ctx, name, args, child...); err != nil {
		return nil, err
	}
	outputs := pulumi.Map{"url": pulumi.String("https://" + args.Config.Host)}
	if err := ctx.RegisterResourceOutputs(ingress, outputs); err != nil {
		return nil, fmt.Errorf("registering the outputs of the ingress: %w", err)
	}
	return ingress, nil
}

// proofs are the pods that answer an ACME challenge.
func proofs() Pods {
	return Pods{Labels: map[string]string{"acme.cert-manager.io/http01-solver": "true"}}
}

// ingressPolicies let the controller in to the services, and to the proofs of the host's certificate.
func ingressPolicies(cfg *config.Config) []Policy {
	of := cfg.Ingress
	if !of.Enabled() {
		return nil
	}
	policies := []Policy{{
		Name: "allow-ingress-controller", Pods: ours(cfg), Directions: []string{ingress},
		Peers: []Peer{{Namespace: of.ControllerNamespace, TCP: []int{servicePort}}},
	}}
	if of.Issuer == config.SelfSigned {
		return policies
	}
	return append(policies, Policy{
		Name: "allow-certificate-proof", Pods: proofs(), Directions: []string{ingress},
		Peers: []Peer{{Namespace: of.ControllerNamespace, TCP: []int{proofPort}}},
	})
}
