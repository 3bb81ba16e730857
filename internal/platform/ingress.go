package platform

import (
	"fmt"
	"slices"

	"github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes"
	"github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/apiextensions"
	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	networkingv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/networking/v1"
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

// newCertificate asks for the host's certificate. The engine does not wait until it is there: the issuer's proof needs
// the DNS record to have spread, and until then the controller answers with a certificate of its own.
func newCertificate(ctx *pulumi.Context, name string, args *IngressArgs, opts ...pulumi.ResourceOption) error {
	issuer, err := newCustom(ctx, name+"-issuer", "Issuer", inNamespace(args.Namespace, issuerName),
		issuers[args.Config.Issuer](args.Config), opts...)
	if err != nil {
		return fmt.Errorf("creating the issuer: %w", err)
	}
	_, err = newCustom(ctx, name+"-certificate", "Certificate", inNamespace(args.Namespace, certificateSecret), pulumi.Map{
		"secretName": pulumi.String(certificateSecret),
		"dnsNames":   pulumi.ToStringArray([]string{args.Config.Host}),
		"issuerRef":  pulumi.Map{"kind": pulumi.String("Issuer"), "name": pulumi.String(issuerName)},
		"privateKey": pulumi.Map{"algorithm": pulumi.String("ECDSA"), "rotationPolicy": pulumi.String("Always")},
	}, append(opts, pulumi.DependsOn([]pulumi.Resource{issuer}))...)
	if err != nil {
		return fmt.Errorf("creating the certificate: %w", err)
	}
	return nil
}

func newCustom(
	ctx *pulumi.Context, name, kind string, metadata *metav1.ObjectMetaArgs, spec pulumi.Map,
	opts ...pulumi.ResourceOption,
) (pulumi.Resource, error) {
	return apiextensions.NewCustomResource(ctx, name, &apiextensions.CustomResourceArgs{
		ApiVersion: pulumi.String(customVersions[kind]), Kind: pulumi.String(kind), Metadata: metadata,
		OtherFields: kubernetes.UntypedArgs{"spec": spec},
	}, opts...)
}

var customVersions = map[string]string{
	"Certificate": "cert-manager.io/v1",
	"Issuer":      "cert-manager.io/v1",
	"Middleware":  "traefik.io/v1alpha1",
}

var issuers = map[config.Issuer]func(config.Ingress) pulumi.Map{
	config.LetsEncrypt: func(c config.Ingress) pulumi.Map {
		return acme(c, "https://acme-v02.api.letsencrypt.org/directory")
	},
	config.LetsEncryptStaging: func(c config.Ingress) pulumi.Map {
		return acme(c, "https://acme-staging-v02.api.letsencrypt.org/directory")
	},
	config.SelfSigned: func(config.Ingress) pulumi.Map { return pulumi.Map{"selfSigned": pulumi.Map{}} },
}

func acme(c config.Ingress, server string) pulumi.Map {
	return pulumi.Map{"acme": pulumi.Map{
		"server":              pulumi.String(server),
		"privateKeySecretRef": pulumi.Map{"name": pulumi.String(issuerName + "-acme-account")},
		"solvers": pulumi.MapArray{pulumi.Map{"http01": pulumi.Map{"ingress": pulumi.Map{
			"ingressClassName": pulumi.String(c.ClassName),
		}}}},
	}}
}

// limited are the routes that share a rate limit. An Ingress has one for all of its routes.
type limited struct {
	requestsPerSecond, burst int
	routes                   []config.Route
}

// grouped gathers the routes by their limit, in the order of their first ones.
func grouped(routes []config.Route) []limited {
	var groups []limited
	for _, route := range routes {
		at := slices.IndexFunc(groups, func(g limited) bool {
			return g.requestsPerSecond == route.RequestsPerSecond && g.burst == route.Burst
		})
		if at < 0 {
			groups = append(groups, limited{requestsPerSecond: route.RequestsPerSecond, burst: route.Burst})
			at = len(groups) - 1
		}
		groups[at].routes = append(groups[at].routes, route)
	}
	return groups
}

// name is that of the group's objects.
func (l limited) name() string {
	if l.requestsPerSecond == 0 {
		return "routes"
	}
	return fmt.Sprintf("routes-%d-%d", l.requestsPerSecond, l.burst)
}

func newRoutes(
	ctx *pulumi.Context, name string, args *IngressArgs, group limited, opts ...pulumi.ResourceOption,
) error {
	metadata := inNamespace(args.Namespace, group.name())
	after := args.Services
	if group.requestsPerSecond > 0 {
		limit, err := newCustom(ctx, name+"-"+group.name()+"-limit", "Middleware", inNamespace(args.Namespace, group.name()),
			pulumi.Map{"rateLimit": pulumi.Map{
				"average": pulumi.Int(group.requestsPerSecond), "burst": pulumi.Int(group.burst),
			}}, opts...)
		if err != nil {
			return fmt.Errorf("creating rate limit %s: %w", group.name(), err)
		}
		after = append([]pulumi.Resource{limit}, after...)
		// https://doc.traefik.io/traefik/reference/routing-configuration/kubernetes/ingress
		metadata.Annotations = pulumi.StringMap{"traefik.ingress.kubernetes.io/router.middlewares": pulumi.Sprintf(
			"%s-%s@kubernetescrd", args.Namespace, group.name())}
	}
	var paths networkingv1.HTTPIngressPathArray
	for _, route := range group.routes {
		paths = append(paths, path("Prefix", route.Path, route.Service))
	}
	return newIngressObject(ctx, name+"-"+group.name(), args, metadata, paths, append(opts, pulumi.DependsOn(after))...)
}

// newHealthRoute is without a rate limit: whoever asks it asks often, from few addresses.
func newHealthRoute(ctx *pulumi.Context, name string, args *IngressArgs, opts ...pulumi.ResourceOption) error {
	return newIngressObject(ctx, name+"-health", args, inNamespace(args.Namespace, "health"),
		networkingv1.HTTPIngressPathArray{path("Exact", healthPath, healthService)},
		append(opts, pulumi.DependsOn(args.Services))...)
}

func newIngressObject(
	ctx *pulumi.Context, name string, args *IngressArgs, metadata *metav1.ObjectMetaArgs,
	paths networkingv1.HTTPIngressPathArray, opts ...pulumi.ResourceOption,
) error {
	_, err := networkingv1.NewIngress(ctx, name, &networkingv1.IngressArgs{
		Metadata: metadata,
		Spec: &networkingv1.IngressSpecArgs{
			IngressClassName: pulumi.String(args.Config.ClassName),
			Rules: networkingv1.IngressRuleArray{&networkingv1.IngressRuleArgs{
				Host: pulumi.String(args.Config.Host),
				Http: &networkingv1.HTTPIngressRuleValueArgs{Paths: paths},
			}},
			Tls: networkingv1.IngressTLSArray{&networkingv1.IngressTLSArgs{
				Hosts:      pulumi.ToStringArray([]string{args.Config.Host}),
				SecretName: pulumi.String(certificateSecret),
			}},
		},
	}, opts...)
	if err != nil {
		return fmt.Errorf("creating ingress %s: %w", name, err)
	}
	return nil
}

func path(kind, prefix, service string) *networkingv1.HTTPIngressPathArgs {
	leadsTo, _ := catalogue.Lookup(service)
	return &networkingv1.HTTPIngressPathArgs{
		Path:     pulumi.String(prefix),
		PathType: pulumi.String(kind),
		Backend: &networkingv1.IngressBackendArgs{Service: &networkingv1.IngressServiceBackendArgs{
			Name: pulumi.String(leadsTo.Workload()),
			Port: &networkingv1.ServiceBackendPortArgs{Name: pulumi.String("http")},
		}},
	}
}

// proofs are the pods that answer an ACME challenge.
func proofs() map[string]string {
	return map[string]string{"acme.cert-manager.io/http01-solver": "true"}
}

// ingressPolicies let the controller in to the services, and to the proofs of the host's certificate.
func ingressPolicies(of config.Ingress) []Policy {
	if !of.Enabled() {
		return nil
	}
	policies := []Policy{{
		Name: "allow-ingress-controller", Pods: ours(), Directions: []string{ingress},
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
