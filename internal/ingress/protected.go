package ingress

import (
	"fmt"

	networkingv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/networking/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/internal/kube"
)

// Protected routes every request to a host to one Service, once the user has given a password.
type Protected struct {
	pulumi.ResourceState
}

// ProtectedArgs are the inputs of NewProtected.
type ProtectedArgs struct {
	// Spec is the ingress of the environment: its controller and its issuer serve this host, too. Its class is Traefik.
	Spec Spec
	// Host is the DNS name of the Service.
	Host string
	// Namespace is the namespace of the Service, whose name is Service and whose port is called http.
	Namespace, Service string
	// UsersSecret is the name of the Secret with the users: in its only key, a line for each with the name, a colon and a
	// bcrypt hash of the password.
	UsersSecret string
	// DeadlineSeconds is how long the controller may take to publish an address.
	DeadlineSeconds int
	// Operators must be installed, and After must exist, before a route leads there.
	Operators, After []pulumi.Resource
}

// NewProtected registers the route, its password, its rate limit and the certificate.
func NewProtected(
	ctx *pulumi.Context, name string, args *ProtectedArgs, opts ...pulumi.ResourceOption,
) (*Protected, error) {
	protected := &Protected{}
	if err := ctx.RegisterComponentResource("dreamseed:ingress:Protected", name, protected, opts...); err != nil {
		return nil, fmt.Errorf("registering the ingress of %s: %w", args.Host, err)
	}
	child := []pulumi.ResourceOption{pulumi.Parent(protected), pulumi.DependsOn(args.Operators)}
	of := args.ingress()
	if err := newCertificate(ctx, name, of, child...); err != nil {
		return nil, err
	}
	middlewares, err := args.newMiddlewares(ctx, name, of, child...)
	if err != nil {
		return nil, err
	}
	metadata := of.metadata(args.Service)
	metadata.Annotations = args.through(middlewares)
	var after []pulumi.Resource
	for _, one := range middlewares {
		after = append(after, one.resource)
	}
	paths := networkingv1.HTTPIngressPathArray{toService("Prefix", "/", args.Service)}
	err = newIngressObject(ctx, name+"-route", of, metadata, paths,
		append(child, pulumi.DependsOn(append(after, args.After...)))...)
	if err != nil {
		return nil, err
	}
	outputs := pulumi.Map{"url": pulumi.String("https://" + args.Host)}
	if err := ctx.RegisterResourceOutputs(protected, outputs); err != nil {
		return nil, fmt.Errorf("registering the outputs of the ingress of %s: %w", args.Host, err)
	}
	return protected, nil
}

// ingress returns the environment's ingress with this host in this namespace.
func (args *ProtectedArgs) ingress() *Args {
	spec := args.Spec
	spec.Host = args.Host
	return &Args{Spec: spec, Namespace: args.Namespace, DeadlineSeconds: args.DeadlineSeconds}
}

// middleware is a step that a request passes before the Service gets it.
type middleware struct {
	name     string
	resource pulumi.Resource
}

// The rate limit of an address. A page loads some hundred files; a password may be tried twenty times a second.
const requestsPerSecond, burst = 20, 200

// newMiddlewares registers the rate limit, which comes first, and the password. The Service does not get the password
// (https://doc.traefik.io/traefik/reference/routing-configuration/http/middlewares/basicauth): it may have one of its
// own in the same header.
func (args *ProtectedArgs) newMiddlewares(
	ctx *pulumi.Context, name string, of *Args, opts ...pulumi.ResourceOption,
) ([]middleware, error) {
	var all []middleware
	for _, one := range []struct {
		role string
		spec pulumi.Map
	}{
		{"limit", rateLimit(requestsPerSecond, burst)},
		{"users", pulumi.Map{"basicAuth": pulumi.Map{
			"secret": pulumi.String(args.UsersSecret), "removeHeader": pulumi.Bool(true),
		}}},
	} {
		physical := args.Service + "-" + one.role
		made, err := kube.NewCustomResource(ctx, name+"-"+one.role, middlewareKind, of.metadata(physical), one.spec, opts...)
		if err != nil {
			return nil, fmt.Errorf("creating the middleware %s: %w", physical, err)
		}
		all = append(all, middleware{physical, made})
	}
	return all, nil
}

// through returns the annotation that leads requests through the middlewares, in their order.
func (args *ProtectedArgs) through(all []middleware) pulumi.StringMap {
	var names []string
	for _, one := range all {
		names = append(names, one.name)
	}
	return middlewaresAnnotation(args.Namespace, names...)
}
