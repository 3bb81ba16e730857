package platform

import (
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/internal/config"
	"github.com/dreamseed/platform/internal/ingress"
	"github.com/dreamseed/platform/internal/namespace"
	"github.com/dreamseed/platform/internal/operator"
	"github.com/dreamseed/platform/services/catalogue"
)

// operators are the releases by operator. Empty if the operators were already installed.
type operators map[operator.Name][]pulumi.Resource

// newOperators installs the operators that the stack uses, each into a namespace of its own. Some have rights in the
// namespace of the services, which exists before them.
func (b *builder) newOperators() error {
	b.operators = operators{}
	if b.cfg.Operators == config.Present {
		return nil
	}
	for _, name := range b.cfg.UsedOperators() {
		release, err := b.newOperator(name)
		if err != nil {
			return err
		}
		b.operators[name] = []pulumi.Resource{release}
	}
	return nil
}

func (b *builder) newOperator(name operator.Name) (pulumi.Resource, error) {
	its, err := namespace.New(b.ctx, string(name), &namespace.Args{
		Name:        string(name),
		Environment: string(b.cfg.Environment),
		Policies:    operatorPolicies[name](b.cfg),
	}, b.onCluster)
	if err != nil {
		return nil, err
	}
	after := slices.Concat(its.Resources(), b.servicesNamespace.Resources(), b.cluster.Ready)
	return operator.NewRelease(b.ctx, string(name)+"-release", &operator.ReleaseArgs{
		Operator:           name,
		Namespace:          b.servicesNamespace.Name,
		IngressClass:       b.cfg.Ingress.ClassName,
		ServiceAnnotations: b.cluster.Ingress.ServiceAnnotations,
	}, b.onCluster, pulumi.Parent(its), pulumi.DependsOn(after))
}

// all returns the releases in a fixed order.
func (o operators) all() []pulumi.Resource {
	var all []pulumi.Resource
	for _, name := range operator.Names() {
		all = append(all, o[name]...)
	}
	return all
}

// operatorPolicies allow the connections that each operator needs beyond DNS: the API server, whose address the cloud
// does not publish, and those of its own function.
var operatorPolicies = map[operator.Name]func(*config.Config) []namespace.Policy{
	operator.ArgoRollouts: func(*config.Config) []namespace.Policy {
		return []namespace.Policy{
			toAPIServer(),
			{Name: "allow-prometheus", Direction: namespace.Egress, Peers: []namespace.Peer{
				{Namespace: MonitoringNamespace, TCP: []int{9090}},
			}},
		}
	},
	operator.CertManager: func(cfg *config.Config) []namespace.Policy {
		return []namespace.Policy{
			// This also covers the issuer's API on the internet.
			toAPIServer(),
			// The API server calls the webhook, on EKS from an address of its own, on GKE and AKS through a pod in kube-system
			// (https://kubernetes.io/docs/tasks/extend-kubernetes/setup-konnectivity). The webhook trusts no client for
			// reaching it.
			{Name: "allow-webhook", Direction: namespace.Ingress, Peers: []namespace.Peer{
				{Anywhere: true, TCP: []int{operator.WebhookPort}},
			}},
			{Name: "allow-own-proof", Direction: namespace.Egress, Peers: ownProof(cfg.Ingress)},
		}
	},
	operator.ExternalSecrets: func(*config.Config) []namespace.Policy {
		// This also covers the clouds' secret managers, which are on 443, on the internet or at a private endpoint.
		return []namespace.Policy{toAPIServer()}
	},
	operator.SealedSecrets: func(*config.Config) []namespace.Policy {
		return []namespace.Policy{toAPIServer()}
	},
	operator.Traefik: func(cfg *config.Config) []namespace.Policy {
		servicesNamespace := cfg.Environment.Namespace()
		return []namespace.Policy{
			{Name: "allow-users", Direction: namespace.Ingress, Peers: []namespace.Peer{
				{CIDR: namespace.Anywhere, TCP: entryPoints},
			}},
			{Name: "allow-own-proof", Direction: namespace.Ingress, Peers: []namespace.Peer{
				{Namespace: string(operator.CertManager), TCP: entryPoints},
			}},
			toAPIServer(),
			{Name: "allow-services", Direction: namespace.Egress, Peers: []namespace.Peer{
				{Namespace: servicesNamespace, Pods: ours(cfg), TCP: []int{catalogue.Port}},
				{Namespace: servicesNamespace, Pods: ingress.ChallengePods(), TCP: []int{ingress.ChallengePort}},
			}},
			{Name: "allow-scrape", Direction: namespace.Ingress, Peers: []namespace.Peer{
				{Namespace: MonitoringNamespace, TCP: []int{controllerMetrics}},
			}},
		}
	},
}

func toAPIServer() namespace.Policy {
	return namespace.Policy{
		Name: "allow-api-server", Direction: namespace.Egress, Peers: []namespace.Peer{namespace.APIServer()},
	}
}

// entryPoints are the ports on which Traefik's pods answer users, for HTTP and for HTTPS.
var entryPoints = []int{8000, 8443}

// controllerPorts are the ports on which pods of ingress controllers answer users, for HTTP and for HTTPS.
var controllerPorts = []int{80, 443, 8000, 8080, 8443}

// ownProof returns the endpoints at which cert-manager checks its own challenge before the issuer does. The host leads
// to a public address, or straight to the controller's pods if the node knows the owner of that address: then the
// address is translated before the policy applies
// (https://cert-manager.io/docs/troubleshooting/acme/#2-troubleshooting-orders).
func ownProof(of ingress.Spec) []namespace.Peer {
	public := namespace.Internet()
	public.TCP = []int{80}
	return []namespace.Peer{public, {Namespace: of.ControllerNamespace, TCP: controllerPorts}}
}
