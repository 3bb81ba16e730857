package ingress

import (
	"fmt"
	"slices"
	"strings"

	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	networkingv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/networking/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/internal/kube"
	"github.com/dreamseed/platform/services/catalogue"
)

// limited holds the routes that share a rate limit. An Ingress has one limit for all of its routes.
type limited struct {
	requestsPerSecond, burst int
	routes                   []Route
}

// grouped groups the routes by their limit, in the order of the first route of each.
func grouped(routes []Route) []limited {
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

// name returns the name of the group's objects.
func (l limited) name() string {
	if l.requestsPerSecond == 0 {
		return "routes"
	}
	return fmt.Sprintf("routes-%d-%d", l.requestsPerSecond, l.burst)
}

func newRoutes(
	ctx *pulumi.Context, name string, args *Args, group limited, opts ...pulumi.ResourceOption,
) error {
	metadata := args.metadata(group.name())
	after := args.Services
	if group.requestsPerSecond > 0 {
		limit, err := kube.NewCustomResource(ctx, name+"-"+group.name()+"-limit", middlewareKind, args.metadata(group.name()),
			rateLimit(group.requestsPerSecond, group.burst), opts...)
		if err != nil {
			return fmt.Errorf("creating rate limit %s: %w", group.name(), err)
		}
		after = append([]pulumi.Resource{limit}, after...)
		metadata.Annotations = middlewaresAnnotation(args.Namespace, group.name())
	}
	var paths networkingv1.HTTPIngressPathArray
	for _, route := range group.routes {
		paths = append(paths, path("Prefix", route.Path, route.Service))
	}
	return newIngressObject(ctx, name+"-"+group.name(), args, metadata, paths, append(opts, pulumi.DependsOn(after))...)
}

// newHealthRoute has no rate limit: health checks are frequent and come from few addresses.
func newHealthRoute(ctx *pulumi.Context, name string, args *Args, opts ...pulumi.ResourceOption) error {
	return newIngressObject(ctx, name+"-health", args, args.metadata("health"),
		networkingv1.HTTPIngressPathArray{path("Exact", HealthPath, healthService)},
		append(opts, pulumi.DependsOn(args.Services))...)
}

// newIngressObject registers an Ingress. The engine waits until a controller of its class has published an address.
// Without such a controller the engine would wait for its own timeout, ten minutes, if it had no deadline.
func newIngressObject(
	ctx *pulumi.Context, name string, args *Args, metadata *metav1.ObjectMetaArgs,
	paths networkingv1.HTTPIngressPathArray, opts ...pulumi.ResourceOption,
) error {
	deadline := fmt.Sprintf("%ds", args.DeadlineSeconds)
	_, err := networkingv1.NewIngress(ctx, name, &networkingv1.IngressArgs{
		Metadata: metadata,
		Spec: &networkingv1.IngressSpecArgs{
			IngressClassName: pulumi.String(args.Spec.ClassName),
			Rules: networkingv1.IngressRuleArray{&networkingv1.IngressRuleArgs{
				Host: pulumi.String(args.Spec.Host),
				Http: &networkingv1.HTTPIngressRuleValueArgs{Paths: paths},
			}},
			Tls: networkingv1.IngressTLSArray{&networkingv1.IngressTLSArgs{
				Hosts:      pulumi.ToStringArray([]string{args.Spec.Host}),
				SecretName: pulumi.String(certificateSecret),
			}},
		},
	}, append(opts,
		pulumi.Timeouts(&pulumi.CustomTimeouts{Create: deadline, Update: deadline}),
		// The address that another class's controller published stays, and would be taken for the new one's.
		pulumi.ReplaceOnChanges([]string{"spec.ingressClassName"}), pulumi.DeleteBeforeReplace(true),
	)...)
	if err != nil {
		return fmt.Errorf("creating ingress %s of class %s: %w", name, args.Spec.ClassName, err)
	}
	return nil
}

// rateLimit bounds the requests of an address.
func rateLimit(average, burst int) pulumi.Map {
	return pulumi.Map{"rateLimit": pulumi.Map{"average": pulumi.Int(average), "burst": pulumi.Int(burst)}}
}

// middlewaresAnnotation leads requests through Traefik's middlewares of a namespace, in this order
// (https://doc.traefik.io/traefik/reference/routing-configuration/kubernetes/ingress).
func middlewaresAnnotation(namespace string, names ...string) pulumi.StringMap {
	var references []string
	for _, name := range names {
		references = append(references, namespace+"-"+name+"@kubernetescrd")
	}
	return pulumi.StringMap{
		"traefik.ingress.kubernetes.io/router.middlewares": pulumi.String(strings.Join(references, ",")),
	}
}

// path leads to a service of the catalogue.
func path(kind, prefix, service string) *networkingv1.HTTPIngressPathArgs {
	leadsTo, _ := catalogue.Lookup(service)
	return toService(kind, prefix, leadsTo.Workload())
}

// toService leads to a Service, at its port http.
func toService(kind, prefix, service string) *networkingv1.HTTPIngressPathArgs {
	return &networkingv1.HTTPIngressPathArgs{
		Path:     pulumi.String(prefix),
		PathType: pulumi.String(kind),
		Backend: &networkingv1.IngressBackendArgs{Service: &networkingv1.IngressServiceBackendArgs{
			Name: pulumi.String(service),
			Port: &networkingv1.ServiceBackendPortArgs{Name: pulumi.String("http")},
		}},
	}
}
