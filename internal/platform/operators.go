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
	operator.CertManager: func(*config.Config) []Policy {
		return []Policy{
			// The issuer's API is on the internet, too.
			{Name: "allow-api-server", Directions: []string{egress}, Peers: []Peer{apiServer()}},
			// The API server asks the webhook, from an address that nobody tells.
			{Name: "allow-webhook", Directions: []string{ingress}, Peers: []Peer{
				{CIDR: anywhere, TCP: []int{operator.WebhookPort}},
			}},
			// It looks at its own proof before it lets the issuer look.
			{Name: "allow-own-proof", Directions: []string{egress}, Peers: []Peer{ownProof()}},
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
			{Name: "allow-users", Directions: []string{ingress}, Peers: []Peer{{CIDR: anywhere, TCP: []int{8000, 8443}}}},
			{Name: "allow-api-server", Directions: []string{egress}, Peers: []Peer{apiServer()}},
			{Name: "allow-services", Directions: []string{egress}, Peers: []Peer{
				{Namespace: home, Pods: ours(), TCP: []int{servicePort}},
				{Namespace: home, Pods: proofs(), TCP: []int{proofPort}},
			}},
			{Name: "allow-scrape", Directions: []string{ingress}, Peers: []Peer{
				{Namespace: MonitoringNamespace, TCP: []int{9100}},
			}},
		}
	},
}

const anywhere = "0.0.0.0/0"

// apiServer is wherever an API server may be, in a private network, too: on 443, or on 6443 behind the Service's
// address. It is not where a cloud's metadata server hands out credentials.
func apiServer() Peer {
	return Peer{CIDR: anywhere, Except: []string{linkLocal}, TCP: []int{443, 6443}}
}

func ownProof() Peer {
	public := internet()
	public.TCP = []int{80}
	return public
}
