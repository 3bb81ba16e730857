package operator

import (
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/internal/namespace"
)

// Traefik is the ingress controller.
const Traefik Name = "traefik"

// Entry points of Traefik, under the same names as in its chart.
const (
	EntryPointHTTP  = "web"
	EntryPointHTTPS = "websecure"
)

// TraefikSettings are the settings of Traefik that depend on the cluster. In a release they are values of the chart, in
// a sandbox settings of Traefik itself.
type TraefikSettings struct {
	// IngressClass is the class of the Ingresses that it serves.
	IngressClass string
	// IngressNamespaces are the namespaces in which it reads Ingresses, Secrets and Services. It refuses a published
	// Service that is in none of them (func GetService in
	// https://github.com/traefik/traefik/blob/v3.7.13/pkg/provider/kubernetes/ingress/client.go).
	IngressNamespaces []string
	// KindNamespaces are the namespaces in which it reads the objects of its own kinds.
	KindNamespaces []string
	// PublishedService is the Service whose address it writes into the status of each Ingress: namespace, slash, name.
	PublishedService string
	// StrictPrefixMatching compares paths element by element, as an Ingress defines a prefix: /api/contents is not below
	// /api/content. Otherwise Traefik compares characters (func buildRule in
	// https://github.com/traefik/traefik/blob/v3.7.13/pkg/provider/kubernetes/ingress/kubernetes.go).
	StrictPrefixMatching bool
	// PlainHTTP configures the handling of requests without TLS.
	PlainHTTP PlainHTTP
}

// PlainHTTP permanently redirects every request to the entry point with TLS. Not even a router of its own exempts a
// path: the redirect has the highest priority.
type PlainHTTP struct {
	To, Scheme string
	Permanent  bool
	// AllowACMEByPass leaves /.well-known/acme-challenge/ out of the redirect's rule, so that the solver of cert-manager
	// answers there (func redirection in
	// https://github.com/traefik/traefik/blob/v3.7.13/pkg/provider/traefik/internal.go). A lower priority of the redirect
	// would exempt every other router, too, which would then answer in clear text.
	AllowACMEByPass bool
}

// TraefikArgs are the inputs of NewTraefik.
type TraefikArgs struct {
	// Namespaces are the namespaces that it serves: those of Ingresses.
	Namespaces []string
	// IngressClass is the class of the Ingresses that it serves.
	IngressClass string
	// Backends are the pods that its routes lead to.
	Backends []namespace.Peer
	// CertificateChecker is the namespace of the pods that check the proof of a certificate before its issuer does.
	CertificateChecker string
	// ServiceAnnotations are the annotations of its Service of type LoadBalancer. The cloud decides them.
	ServiceAnnotations pulumi.StringMap
}

// Settings returns the settings of Traefik. Beside the namespaces that it serves it reads its own, for the Service that
// it publishes.
func (args TraefikArgs) Settings() TraefikSettings {
	return TraefikSettings{
		IngressClass:         args.IngressClass,
		IngressNamespaces:    append(slices.Clone(args.Namespaces), string(Traefik)),
		KindNamespaces:       args.Namespaces,
		PublishedService:     string(Traefik) + "/" + string(Traefik),
		StrictPrefixMatching: true,
		PlainHTTP:            PlainHTTP{To: EntryPointHTTPS, Scheme: "https", Permanent: true, AllowACMEByPass: true},
	}
}

// Ports of Traefik's pods: for HTTP and HTTPS of users, and for metrics.
var entryPoints = []int{8000, 8443}

const traefikMetrics = 9100

// NewTraefik returns Traefik v3.7.13 (https://github.com/traefik/traefik-helm-chart/tree/v41.6.1/traefik). It sees the
// namespaces that it serves and its own, shows no dashboard, does not check for newer versions, and
// answers plain HTTP with a redirect.
//
// The chart refuses unknown values. Since v37 it has renamed ports.web.redirections to ports.web.http.redirections
// (https://github.com/traefik/traefik-helm-chart/pull/1603), service.type to service.spec.type
// (https://github.com/traefik/traefik-helm-chart/pull/1686) and logs.access to accessLog
// (https://github.com/traefik/traefik-helm-chart/pull/1887), and replaced globalArguments by global
// (https://github.com/traefik/traefik-helm-chart/pull/1436).
func NewTraefik(args TraefikArgs) Operator {
	return Operator{
		Name:        Traefik,
		MetricsPort: traefikMetrics,
		chart:       args.chart(),
		policies: []namespace.Policy{
			{Name: "allow-users", Direction: namespace.Ingress, Peers: []namespace.Peer{
				{CIDR: namespace.Anywhere, TCP: entryPoints},
			}},
			{Name: "allow-own-proof", Direction: namespace.Ingress, Peers: []namespace.Peer{
				{Namespace: args.CertificateChecker, TCP: entryPoints},
			}},
			{Name: "allow-services", Direction: namespace.Egress, Peers: args.Backends},
		},
	}
}

func (args TraefikArgs) chart() chart {
	no := pulumi.Bool(false)
	settings := args.Settings()
	return chart{
		repository: "https://traefik.github.io/charts", name: "traefik", version: "41.6.1",
		values: pulumi.Map{
			"image":               pulumi.Map{"tag": pulumi.String("v3.7.13")},
			"deployment":          pulumi.Map{"replicas": pulumi.Int(replicas)},
			"podDisruptionBudget": pulumi.Map{"enabled": pulumi.Bool(true), "minAvailable": pulumi.Int(1)},
			"resources":           resources("200m", "128Mi", "256Mi"),
			"podSecurityContext":  restrictedPod(),
			"securityContext":     restrictedContainer(),
			"rbac":                pulumi.Map{"namespaced": no},
			"ingressClass":        pulumi.Map{"name": pulumi.String(args.IngressClass), "isDefaultClass": no},
			"ingressRoute":        pulumi.Map{"dashboard": pulumi.Map{"enabled": no}},
			"global":              pulumi.Map{"checkNewVersion": no, "sendAnonymousUsage": no},
			"accessLog":           pulumi.Map{"enabled": pulumi.Bool(true), "fields": withoutHeaders()},
			"metrics":             pulumi.Map{"prometheus": pulumi.Map{"entryPoint": pulumi.String("metrics")}},
			"providers":           settings.providers(),
			"ports":               pulumi.Map{EntryPointHTTP: settings.PlainHTTP.values()},
			"service": pulumi.Map{
				"annotations": args.ServiceAnnotations,
				"spec": pulumi.Map{
					"type": pulumi.String("LoadBalancer"),
					// Rate limits apply to the source address of a request, which another node's address would hide.
					"externalTrafficPolicy": pulumi.String("Local"),
				},
			},
		},
	}
}

func (s TraefikSettings) providers() pulumi.Map {
	return pulumi.Map{
		"kubernetesCRD": pulumi.Map{
			"ingressClass": pulumi.String(s.IngressClass), "namespaces": pulumi.ToStringArray(s.KindNamespaces),
		},
		"kubernetesIngress": pulumi.Map{
			"ingressClass": pulumi.String(s.IngressClass), "namespaces": pulumi.ToStringArray(s.IngressNamespaces),
			"publishedService": pulumi.Map{
				"enabled": pulumi.Bool(true), "pathOverride": pulumi.String(s.PublishedService),
			},
			"strictPrefixMatching": pulumi.Bool(s.StrictPrefixMatching),
		},
	}
}

func (h PlainHTTP) values() pulumi.Map {
	return pulumi.Map{
		"allowACMEByPass": pulumi.Bool(h.AllowACMEByPass),
		"http": pulumi.Map{"redirections": pulumi.Map{"entryPoint": pulumi.Map{
			"to": pulumi.String(h.To), "scheme": pulumi.String(h.Scheme), "permanent": pulumi.Bool(h.Permanent),
		}}},
	}
}

// withoutHeaders keeps users' headers, including their tokens, out of the access log.
func withoutHeaders() pulumi.Map {
	return pulumi.Map{"headers": pulumi.Map{"defaultMode": pulumi.String("drop")}}
}
