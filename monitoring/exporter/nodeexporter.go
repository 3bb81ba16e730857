package exporter

import (
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// NodeExporterName is the label app.kubernetes.io/name of the pods of node-exporter.
const NodeExporterName = "node-exporter"

// NodeExporterPort is the port with the metrics about the node, on the pod's own address.
const NodeExporterPort = 9100

// NodeExporter turns the state of every node into metrics: a DaemonSet with a pod on each of them.
type NodeExporter struct {
	pulumi.ResourceState

	// Objects are the DaemonSet. Once it is ready, every node has its metrics.
	Objects []pulumi.Resource
}

// NodeExporterArgs sets where node-exporter runs.
type NodeExporterArgs struct {
	// Namespace is the namespace of its pods. It has to admit pods that see their node, as NodeAgentsNamespace does. A
	// change moves the pods.
	Namespace string
	// After lists the resources that must exist before the first pod: the namespace with its policies, and the priority
	// classes.
	After []pulumi.Resource
}

// NewNodeExporter registers node-exporter.
func NewNodeExporter(
	ctx *pulumi.Context, name string, args *NodeExporterArgs, opts ...pulumi.ResourceOption,
) (*NodeExporter, error) {
	exporter := &NodeExporter{}
	if err := ctx.RegisterComponentResource("dreamseed:monitoring:NodeExporter", name, exporter, opts...); err != nil {
		return nil, fmt.Errorf("registering %s: %w", name, err)
	}
	if err := exporter.build(ctx, name, args); err != nil {
		return nil, fmt.Errorf("building %s: %w", name, err)
	}
	if err := ctx.RegisterResourceOutputs(exporter, pulumi.Map{}); err != nil {
		return nil, fmt.Errorf("registering the outputs of %s: %w", name, err)
	}
	return exporter, nil
}

func (e *NodeExporter) build(ctx *pulumi.Context, name string, args *NodeExporterArgs) error {
	agent := workload{
		namespace: args.Namespace, name: NodeExporterName, program: NodeExporterName, component: "node-agent",
	}
	child := []pulumi.ResourceOption{pulumi.Parent(e), pulumi.DependsOn(args.After)}
	account, err := newAccount(ctx, name+"-account", agent, child...)
	if err != nil {
		return fmt.Errorf("creating the service account: %w", err)
	}
	daemons, err := newDaemonSet(ctx, name+"-daemonset", agent, account, child...)
	if err != nil {
		return fmt.Errorf("creating the daemon set: %w", err)
	}
	e.Objects = []pulumi.Resource{daemons}
	return nil
}
