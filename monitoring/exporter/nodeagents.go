package exporter

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/internal/kube"
	"github.com/dreamseed/platform/internal/namespace"
)

// NodeAgentsNamespace is the one namespace in which pods may see their node.
const NodeAgentsNamespace = "dreamseed-node-agents"

// NodeAgentsArgs sets who reaches the agents of the nodes.
type NodeAgentsArgs struct {
	// Environment labels the namespace.
	Environment string
	// Scraper is the namespace whose pods may scrape the agents.
	Scraper string
}

// NewNodeAgentsNamespace registers the namespace. Its pods may be scraped and resolve names; every other connection is
// denied. It has no quota: the number of its pods is that of the nodes, and a quota would leave a new node without an
// agent.
func NewNodeAgentsNamespace(
	ctx *pulumi.Context, name string, args *NodeAgentsArgs, opts ...pulumi.ResourceOption,
) (*namespace.Namespace, error) {
	return namespace.New(ctx, name, &namespace.Args{
		Name:        NodeAgentsNamespace,
		Environment: args.Environment,
		PodSecurity: namespace.Privileged,
		Policies: []namespace.Policy{{
			Name:      "allow-scrape",
			Pods:      namespace.Pods{Labels: map[string]string{kube.NameLabel: NodeExporterName}},
			Direction: namespace.Ingress,
			Peers:     []namespace.Peer{{Namespace: args.Scraper, TCP: []int{NodeExporterPort}}},
		}},
	}, opts...)
}
