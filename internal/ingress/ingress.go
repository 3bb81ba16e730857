// Package ingress routes user requests to the services: routes with their rate limits, and the certificate of the host.
// A controller that is installed beside it, Traefik by default, serves them.
package ingress

import (
	"fmt"

	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/internal/kube"
)

const (
	// HealthPath is the path that a smoke test requests. The controller routes it to healthService.
	HealthPath = "/health"
	// healthService is the service that every request passes through.
	healthService = "auth"
	// certificateSecret holds the certificate of the host.
	certificateSecret = "dreamseed-tls" //nolint:gosec // the name of a Secret, and nothing secret
	// issuerName is the name of the Issuer.
	issuerName = "dreamseed"
)

// Ingress holds the Ingress objects of a stack and the objects that they need.
type Ingress struct {
	pulumi.ResourceState
}

// Args are the inputs of New.
type Args struct {
	// Spec describes the routes and the certificate.
	Spec Spec
	// Namespace is the namespace of the services.
	Namespace string
	// DeadlineSeconds is how long the controller may take to publish an address.
	DeadlineSeconds int
	// Operators must be installed, and Services must run, before a route leads to them.
	Operators, Services []pulumi.Resource
}

func (a *Args) metadata(name string) *metav1.ObjectMetaArgs {
	return kube.Metadata(a.Namespace, name, kube.Labels())
}

// New registers the routes, their rate limits and the certificate.
func New(
	ctx *pulumi.Context, name string, args *Args, opts ...pulumi.ResourceOption,
) (*Ingress, error) {
	ingress := &Ingress{}
	// The type is part of every resource's name in the state: it outlives moves of the code.
	if err := ctx.RegisterComponentResource("dreamseed:platform:Ingress", name, ingress, opts...); err != nil {
		return nil, fmt.Errorf("registering the ingress: %w", err)
	}
	child := []pulumi.ResourceOption{pulumi.Parent(ingress), pulumi.DependsOn(args.Operators)}
	if err := newCertificate(ctx, name, args, child...); err != nil {
		return nil, err
	}
	for _, group := range grouped(args.Spec.Routes) {
		if err := newRoutes(ctx, name, args, group, child...); err != nil {
			return nil, err
		}
	}
	if err := newHealthRoute(ctx, name, args, child...); err != nil {
		return nil, err
	}
	outputs := pulumi.Map{"url": pulumi.String("https://" + args.Spec.Host)}
	if err := ctx.RegisterResourceOutputs(ingress, outputs); err != nil {
		return nil, fmt.Errorf("registering the outputs of the ingress: %w", err)
	}
	return ingress, nil
}
