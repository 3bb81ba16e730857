package objects

import (
	"fmt"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/data/store"
	"github.com/dreamseed/platform/internal/replica"
	"github.com/dreamseed/platform/secrets"
)

// Objects is the running object storage.
type Objects struct {
	pulumi.ResourceState

	// Connections are those of the services that declare buckets.
	Connections store.Connections
	// Backups is where backups are written.
	Backups Backups
	// Objects are the resources that are complete once the buckets exist.
	Objects []pulumi.Resource
}

// Backups is where backups are written, and with which key.
type Backups struct {
	// Endpoint is the URL of the protocol, and Bucket the bucket.
	Endpoint, Bucket string
	// Secret is the name of the Secret with the key, and Files are its entries, called as those of the services.
	Secret string
	Files  []secrets.Mounted
	// Ready lists the resources that must be complete before the first backup.
	Ready []pulumi.Resource
}

// Args describes the object storage of an environment. Another set of buckets restarts the pod once. A bucket that is
// no longer declared stays, with what is in it, and nobody but the administrator reaches it.
type Args struct {
	// Spec is in mode inCluster.
	Spec Spec
	store.Environment
	// BackupDays is how long a backup is kept. A shorter time deletes what is older within an hour.
	BackupDays int
}

// New registers SeaweedFS, an identity with a Secret for each service that declares buckets and for the backups, and
// the Job that makes the buckets.
func New(ctx *pulumi.Context, name string, args *Args, opts ...pulumi.ResourceOption) (*Objects, error) {
	objects := &Objects{Connections: store.Connections{}}
	if err := ctx.RegisterComponentResource("dreamseed:data:Objects", name, objects, opts...); err != nil {
		return nil, fmt.Errorf("registering the object storage: %w", err)
	}
	if err := objects.build(ctx, name, args); err != nil {
		return nil, fmt.Errorf("building the object storage: %w", err)
	}
	outputs := pulumi.Map{"endpoint": pulumi.String(Endpoint(args.Namespace))}
	if err := ctx.RegisterResourceOutputs(objects, outputs); err != nil {
		return nil, fmt.Errorf("registering the outputs of the object storage: %w", err)
	}
	return objects, nil
}

func (o *Objects) build(ctx *pulumi.Context, name string, args *Args) error {
	child := pulumi.Parent(o)
	drawn, err := newKeys(ctx, name, args, child, pulumi.DependsOn(args.After))
	if err != nil {
		return err
	}
	composed, err := args.composed()
	if err != nil {
		return err
	}
	composed.After = drawn
	identities, err := secrets.NewComposed(ctx, name+composed.Name[len(Name):], composed, child,
		pulumi.DependsOn(args.After))
	if err != nil {
		return err
	}
	set, err := replica.NewSet(ctx, name, &replica.SetArgs{
		Program: args.program(slices.Concat(args.After, drawn, []pulumi.Resource{identities})),
		Letters: []string{"a"},
		Own:     func(string) replica.Own { return args.own(composed.Name) },
	}, child)
	if err != nil {
		return err
	}
	buckets, err := newBuckets(ctx, name, args, child, pulumi.DependsOn(set.Objects))
	if err != nil {
		return err
	}
	o.Objects = slices.Concat(set.Objects, []pulumi.Resource{buckets})
	o.connect(args)
	return nil
}

func (o *Objects) connect(args *Args) {
	for _, service := range Needing(args.Services) {
		o.Connections[service.Name] = store.Connection{
			Files: mounted(keySecret(service.Workload())), Ready: o.Objects,
		}
	}
	o.Backups = Backups{
		Endpoint: Endpoint(args.Namespace), Bucket: BackupsBucket, Secret: backupsSecret,
		Files: mounted(backupsSecret),
		Ready: o.Objects,
	}
}
