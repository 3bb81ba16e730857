package platform

import (
	"maps"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/internal/config"
	"github.com/dreamseed/platform/internal/namespace"
	"github.com/dreamseed/platform/internal/operator"
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
	for _, used := range b.cfg.OperatorsOn(b.cluster.PublicAddress.ServiceAnnotations) {
		release, err := b.newOperator(used)
		if err != nil {
			return err
		}
		b.operators[used.Name] = append(b.operators[used.Name], release)
	}
	return nil
}

func (b *builder) newOperator(used operator.Operator) (pulumi.Resource, error) {
	name := used.Namespace()
	its, err := namespace.New(b.ctx, name, &namespace.Args{
		Name:        name,
		Environment: string(b.cfg.Environment),
		Policies:    append(used.Policies(), scraping(used)...),
	}, b.onCluster)
	if err != nil {
		return nil, err
	}
	after := slices.Concat(its.Resources(), b.servicesNamespace.Resources(), b.cluster.Ready)
	return operator.NewRelease(b.ctx, name+"-release", used,
		b.onCluster, pulumi.Parent(its), pulumi.DependsOn(after))
}

// scraping returns the policy that lets the monitoring namespace scrape an operator that serves metrics.
func scraping(used operator.Operator) []namespace.Policy {
	if used.MetricsPort == 0 {
		return nil
	}
	return []namespace.Policy{{Name: "allow-scrape", Direction: namespace.Ingress, Peers: []namespace.Peer{
		{Namespace: config.MonitoringNamespace, TCP: []int{used.MetricsPort}},
	}}}
}

// all returns the releases in a fixed order.
func (o operators) all() []pulumi.Resource {
	var all []pulumi.Resource
	for _, name := range slices.Sorted(maps.Keys(o)) {
		all = append(all, o[name]...)
	}
	return all
}
