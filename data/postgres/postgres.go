package postgres

import (
	"errors"
	"fmt"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/data/store"
)

// Args describes the PostgreSQL of an environment in the cluster. Each service with the need gets a database and a role
// of its name. CloudNativePG would give another storage class to new instances only, so a change of it replaces the
// Cluster.
type Args struct {
	// Spec has the mode inCluster.
	Spec Spec
	store.Environment
	// ObjectStorage is where backups go. Required while the spec has backups.
	ObjectStorage ObjectStorage
}

// ObjectStorage is the identity of the backups in the object store.
type ObjectStorage struct {
	// Secret is the name of a Secret with the keys OBJECT_STORAGE_ENDPOINT, OBJECT_STORAGE_ACCESS_KEY_ID and
	// OBJECT_STORAGE_SECRET_ACCESS_KEY. It may list, read and write the bucket.
	Secret string
	// Bucket is the name under which the store knows the bucket of the backups.
	Bucket string
	// Ready lists the resources that must be complete before the first backup.
	Ready []pulumi.Resource
}

// Postgres is the PostgreSQL of an environment.
type Postgres struct {
	pulumi.ResourceState

	// Connections has what each service with a database needs to reach it.
	Connections store.Connections
}

// ErrNoObjectStorage means that there are backups and no place for them.
var ErrNoObjectStorage = errors.New("backups need an object store: none is given")

// New registers one Cluster, and for each service with the need a database with its role, a backup and a way to restore
// it. Deleted resources stay in the cluster: what they hold is data.
func New(ctx *pulumi.Context, name string, args *Args, opts ...pulumi.ResourceOption) (*Postgres, error) {
	made := &Postgres{Connections: store.Connections{}}
	// The type is part of every resource's name in the state: it outlives moves of the code.
	if err := ctx.RegisterComponentResource("dreamseed:data:Postgres", name, made, opts...); err != nil {
		return nil, fmt.Errorf("registering PostgreSQL: %w", err)
	}
	if err := made.build(ctx, name, args); err != nil {
		return nil, fmt.Errorf("building PostgreSQL: %w", err)
	}
	outputs := pulumi.Map{"host": pulumi.String(Host(args.Namespace))}
	if err := ctx.RegisterResourceOutputs(made, outputs); err != nil {
		return nil, fmt.Errorf("registering the outputs of PostgreSQL: %w", err)
	}
	return made, nil
}

// Host returns the name under which the pods of the cluster reach the instance that is written to.
func Host(namespace string) string { return Name + "-rw." + namespace + ".svc.cluster.local" }

func (p *Postgres) build(ctx *pulumi.Context, name string, args *Args) error {
	child := []pulumi.ResourceOption{pulumi.Parent(p), pulumi.DependsOn(args.After)}
	cluster, err := newCluster(ctx, name+"-cluster", args, child...)
	if err != nil {
		return err
	}
	declare := declaring(args.Services)
	for _, service := range declare {
		connection, err := newDatabase(ctx, name+"-"+service.Name, args, service, cluster, child...)
		if err != nil {
			return fmt.Errorf("creating the database of %s: %w", service.Name, err)
		}
		p.Connections[service.Name] = connection
	}
	if !args.Spec.Backup.Enabled() || len(declare) == 0 {
		return nil
	}
	if args.ObjectStorage.Secret == "" || args.ObjectStorage.Bucket == "" {
		return ErrNoObjectStorage
	}
	return p.newBackups(ctx, name, args, declare, child...)
}

// kept are the options of what holds data.
func (a *Args) kept() []pulumi.ResourceOption {
	return []pulumi.ResourceOption{pulumi.Protect(a.Protect), pulumi.RetainOnDelete(true)}
}

func with(opts []pulumi.ResourceOption, more ...pulumi.ResourceOption) []pulumi.ResourceOption {
	return slices.Concat(opts, more)
}
