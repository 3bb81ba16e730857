package replica

import (
	"fmt"
	"slices"

	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/internal/kube"
)

// Replica is one replica of a program: a pod with a volume of its own, and an address at which this very pod answers.
type Replica struct {
	pulumi.ResourceState

	// Host is the name under which every pod of the cluster reaches this replica.
	Host string
	// Objects are the resources that are complete once the replica answers.
	Objects []pulumi.Resource
}

// Args describes one replica.
type Args struct {
	Program *Program
	// Letter tells this replica from the others.
	Letter string
	// Account is what the pod runs under.
	Account *corev1.ServiceAccount
	// Own is what the replica does not share.
	Own Own
	// Before lists the resources of the replicas that are changed first.
	Before []pulumi.Resource
}

// Own is what a replica does not share with the others. A change restarts it.
type Own struct {
	// Command is run in place of the image's own. Empty leaves that.
	Command []string
	// Arguments are those of the program.
	Arguments []string
	// Environment has the variables that the arguments refer to.
	Environment corev1.EnvVarArray
	// Directories are mounted read-only. A change of their content restarts nothing.
	Directories []Directory
}

// New registers a replica.
func New(ctx *pulumi.Context, name string, args *Args, opts ...pulumi.ResourceOption) (*Replica, error) {
	replica := &Replica{Host: args.Program.Host(args.name())}
	// The type is part of every resource's name in the state: it outlives moves of the code.
	if err := ctx.RegisterComponentResource("dreamseed:monitoring:Replica", name, replica, opts...); err != nil {
		return nil, fmt.Errorf("registering %s: %w", args.name(), err)
	}
	if err := replica.build(ctx, name, args); err != nil {
		return nil, fmt.Errorf("building %s: %w", args.name(), err)
	}
	if err := ctx.RegisterResourceOutputs(replica, pulumi.Map{"host": pulumi.String(replica.Host)}); err != nil {
		return nil, fmt.Errorf("registering the outputs of %s: %w", args.name(), err)
	}
	return replica, nil
}

func (r *Replica) build(ctx *pulumi.Context, name string, args *Args) error {
	child := []pulumi.ResourceOption{pulumi.Parent(r), pulumi.DependsOn(args.Program.After)}
	claim, err := newClaim(ctx, name+"-claim", args, child...)
	if err != nil {
		return fmt.Errorf("creating the claim: %w", err)
	}
	service, err := newOwnService(ctx, name+"-service", args, child...)
	if err != nil {
		return fmt.Errorf("creating the service: %w", err)
	}
	// The pod finds its own name when it starts, and the others are done with the change.
	first := pulumi.DependsOn(slices.Concat([]pulumi.Resource{service}, args.Before))
	deployment, err := newDeployment(ctx, name+"-deployment", args, claim, append(child, first)...)
	if err != nil {
		return fmt.Errorf("creating the deployment: %w", err)
	}
	r.Objects = []pulumi.Resource{service, deployment}
	return nil
}

// name returns the physical name of what is the replica's own.
func (a *Args) name() string { return a.Program.Name + "-" + a.Letter }

// instance labels the replica.
func (a *Args) instance() pulumi.StringMap {
	return pulumi.StringMap{kube.InstanceLabel: pulumi.String(a.name())}
}

// selector selects the pod of this replica alone.
func (a *Args) selector() pulumi.StringMap { return kube.With(a.Program.selector(), a.instance()) }

func (a *Args) labels() pulumi.StringMap { return kube.With(a.Program.labels(), a.instance()) }

func (a *Args) metadata() *metav1.ObjectMetaArgs {
	return kube.Metadata(a.Program.Namespace, a.name(), a.labels())
}
