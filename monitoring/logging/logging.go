package logging

import (
	"fmt"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/monitoring/logging/collector"
	"github.com/dreamseed/platform/monitoring/logging/elastic"
	"github.com/dreamseed/platform/monitoring/logging/pipeline"
	"github.com/dreamseed/platform/monitoring/logging/victorialogs"
)

// Logging keeps the lines of an environment's services.
type Logging struct {
	pulumi.ResourceState
}

// Args describes the environment.
type Args struct {
	Spec Spec
	// Environment and Cluster become attributes of every line.
	Environment, Cluster string
	// Namespace is the namespace of the store, NodeAgents that of the collectors, and ServicesNamespace that of the
	// services.
	Namespace, NodeAgents, ServicesNamespace string
	// Zones are the zones of the cluster's nodes.
	Zones []string
	// StorageClass is the class of the volumes. Empty for the cluster's default.
	StorageClass string
	// Protect refuses the deletion of what holds lines.
	Protect bool
	// DeadlineSeconds is how long an operator may take to write a credential.
	DeadlineSeconds int
	// After are the resources that must exist before the first pod: the namespaces with their policies, the priority
	// classes, and the operators.
	After []pulumi.Resource
}

// kept is a registered store as the collectors know it.
type kept struct {
	store      pipeline.Store
	credential *collector.Credential
	// ready lists what must exist before the first line is sent.
	ready []pulumi.Resource
}

// stores register a store each.
var stores = map[Store]func(*pulumi.Context, string, *Args, ...pulumi.ResourceOption) (kept, error){
	Elastic: newElastic, VictoriaLogs: newVictoriaLogs,
}

// New registers the store and the collectors. The store comes first: what they read before it is there, they hold on
// the nodes.
func New(ctx *pulumi.Context, name string, args *Args, opts ...pulumi.ResourceOption) (*Logging, error) {
	made := &Logging{}
	if err := ctx.RegisterComponentResource("dreamseed:monitoring:Logging", name, made, opts...); err != nil {
		return nil, fmt.Errorf("registering the logs: %w", err)
	}
	if err := made.build(ctx, name, args); err != nil {
		return nil, fmt.Errorf("building the logs: %w", err)
	}
	if err := ctx.RegisterResourceOutputs(made, pulumi.Map{"store": pulumi.String(string(args.Spec.Store))}); err != nil {
		return nil, fmt.Errorf("registering the outputs of the logs: %w", err)
	}
	return made, nil
}

func (l *Logging) build(ctx *pulumi.Context, name string, args *Args) error {
	register, found := stores[args.Spec.Store]
	if !found {
		return fmt.Errorf("the store %q keeps no lines", args.Spec.Store)
	}
	child := pulumi.Parent(l)
	store, err := register(ctx, name, args, child)
	if err != nil {
		return err
	}
	_, err = collector.New(ctx, name+"-collector", &collector.Args{
		Namespace: args.NodeAgents,
		Pipeline: pipeline.Args{
			Namespace: args.ServicesNamespace, Environment: args.Environment, Cluster: args.Cluster,
			Store: store.store, BufferBytes: args.Spec.Buffer.Value(),
		},
		Credential: store.credential,
		After:      slices.Concat(args.After, store.ready),
	}, child)
	return err
}

func newVictoriaLogs(
	ctx *pulumi.Context, name string, args *Args, opts ...pulumi.ResourceOption,
) (kept, error) {
	made, err := victorialogs.New(ctx, name+"-victoria-logs", &victorialogs.Args{
		Namespace:     args.Namespace,
		RetentionDays: args.Spec.RetentionDays,
		Storage:       args.Spec.Storage,
		StorageClass:  args.StorageClass,
		Protect:       args.Protect,
		After:         args.After,
	}, opts...)
	if err != nil {
		return kept{}, err
	}
	return kept{
		store: pipeline.Store{VictoriaLogs: &pipeline.VictoriaLogs{URL: victorialogs.URL(args.Namespace)}},
		ready: made.Objects,
	}, nil
}

func newElastic(
	ctx *pulumi.Context, name string, args *Args, opts ...pulumi.ResourceOption,
) (kept, error) {
	made, err := elastic.New(ctx, name+"-elastic", &elastic.Args{
		Namespace:          args.Namespace,
		CollectorNamespace: args.NodeAgents,
		Zones:              args.Zones,
		RetentionDays:      args.Spec.RetentionDays,
		Storage:            args.Spec.Storage,
		StorageClass:       args.StorageClass,
		Protect:            args.Protect,
		DeadlineSeconds:    args.DeadlineSeconds,
		After:              args.After,
	}, opts...)
	if err != nil {
		return kept{}, err
	}
	return kept{
		store: pipeline.Store{Elastic: &pipeline.Elastic{
			URL: elastic.URL(args.Namespace), Username: elastic.Writer(),
			PasswordVariable: collector.PasswordVariable, CAFile: collector.AuthorityFile,
		}},
		credential: &collector.Credential{
			Secret: elastic.CarriedSecret, PasswordKey: elastic.PasswordKey, AuthorityKey: elastic.AuthorityKey,
		},
		ready: made.Ready,
	}, nil
}
