package platform

import (
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/cluster"
	"github.com/dreamseed/platform/internal/config"
	"github.com/dreamseed/platform/internal/operator"
)

// operators are what there is of each operator: nothing where somebody else installed it.
type operators map[operator.Name][]pulumi.Resource

// newOperators installs the operators that the stack uses, each into a namespace of its own. Some have rights in the
// namespace of the services, which exists before them.
func newOperators(
	ctx *pulumi.Context, cfg *config.Config, target *cluster.Cluster, services *Namespace, opts ...pulumi.ResourceOption,
) (operators, error) {
	installed := operators{}
	if cfg.Operators == config.Present {
		return installed, nil
	}
	for _, name := range cfg.UsedOperators() {
		home, err := NewNamespace(ctx, string(name), &NamespaceArgs{
			Name:        string(name),
			Environment: string(cfg.Environment),
			Policies:    operatorPolicies[name](cfg),
		}, opts...)
		if err != nil {
			return nil, err
		}
		after := slices.Concat(home.Resources(), services.Resources(), target.Ready)
		release, err := operator.NewRelease(ctx, string(name)+"-release", &operator.ReleaseArgs{
			Operator:           name,
			Namespace:          cfg.Environment.Namespace(),
			IngressClass:       cfg.Ingress.ClassName,
			ServiceAnnotations: target.Ingress.ServiceAnnotations,
		}, append(opts, pulumi.Parent(home), pulumi.DependsOn(after))...)
		if err != nil {
			return nil, err
		}
		installed[name] = []pulumi.Resource{release}
	}
	return installed, nil
}

// all lists what was installed, in a fixed order.
func (o operators) all() []pulumi.Resource {
	var all []pulumi.Resource
	for _, name := range operator.Names() {
		all = append(all, o[name]...)
	}
	return all
}

// operatorPolicies open what each operator needs beside names: the API server, whose address is the cloud's secret, and
// what it is there for.
var operatorPolicies = map[operator.Name]func(*config.Config) []Policy{
	operator.ArgoRollouts: func(*config.Config) []Policy {
		return []Policy{
			{Name: "allow-api-server", Directions: []string{egress}, Peers: []Peer{apiServer()}},
			{Name: "allow-prometheus", Directions: []string{egress}, Peers: []Peer{
				{Namespace: MonitoringNamespace, TCP: []int{9090}},
			}},
		}
	},
	operator.CertManager: func(cfg *config.Config) []Policy {
		return []Policy{
			// The issuer's API is on the internet, too.
			{Name: "allow-api-server", Directions: []string{egress}, Peers: []Peer{apiServer()}},
			// The API server asks the webhook, on EKS from an address of its own, on GKE and AKS through a pod in kube-system
			// (https://kubernetes.io/docs/tasks/extend-kubernetes/setup-konnectivity). The webhook trusts nobody for it.
			{Name: "allow-webhook", Directions: []string{ingress}, Peers: []Peer{
				{Anywhere: true, TCP: []int{operator.WebhookPort}},
			}},
			{Name: "allow-own-proof", Directions: []string{egress}, Peers: ownProof(cfg.Ingress)},
		}
	},
	operator.ExternalSecrets: func(*config.Config) []Policy {
		// The clouds' secret managers are at 443, too, on the internet or at a private endpoint.
		return []Policy{{Name: "allow-api-server", Directions: []string{egress}, Peers: []Peer{apiServer()}}}
	},
	operator.SealedSecrets: func(*config.Config) []Policy {
		return []Policy{{Name: "allow-api-server", Directions: []string{egress}, Peers: []Peer{apiServer()}}}
	},
	operator.Traefik: func(cfg *config.Config) []Policy {
		home := cfg.Environment.Namespace()
		return []Policy{
			{Name: "allow-users", Directions: []string{ingress}, Peers: []Peer{{CIDR: anywhere, TCP: entryPoints}}},
			{Name: "allow-own-proof", Directions: []string{ingress}, Peers: []Peer{
				{Namespace: string(operator.CertManager), TCP: entryPoints},
			}},
			{Name: "allow-api-server", Directions: []string{egress}, Peers: []Peer{apiServer()}},
			{Name: "allow-services", Directions: []string{egress}, Peers: []Peer{
				{Namespace: home, Pods: ours(cfg), TCP: []int{servicePort}},
				{Namespace: home, Pods: proofs(), TCP: []int{proofPort}},
			}},
			{Name: "allow-scrape", Directions: []string{ingress}, Peers: []Peer{
				{Namespace: MonitoringNamespace, TCP: []int{controllerMetrics}},
			}},
		}
	},
}

const anywhere = "0.0.0.0/0"

// entryPoints are where Traefik's pods answer users, by HTTP and by HTTPS.
var entryPoints = []int{8000, 8443}

// controllerPorts are where pods of ingress controllers answer users, by HTTP and by HTTPS.
var controllerPorts = []int{80, 443, 8000, 8080, 8443}

// apiServer is wherever an API server may be, in a private network, too: on 443, or on 6443 behind the Service's
// address. It is not where a cloud's metadata server hands out credentials.
func apiServer() Peer {
	return Peer{CIDR: anywhere, Except: []string{linkLocal}, TCP: []int{443, 6443}}
}

// ownProof is where cert-manager looks at its own proof before it lets the issuer look. The host leads to a public
// address, or straight to the controller's pods where the node knows whose address that is: then the address is
// translated before the policy is asked (https://cert-manager.io/docs/troubleshooting/acme/#2-troubleshooting-orders).
func ownProof(of config.Ingress) []Peer {
	public := internet()
	public.TCP = []int{80}
	return []Peer{public, {Namespace: of.ControllerNamespace, TCP: controllerPorts}}
}
