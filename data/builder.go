package data

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/data/kafka"
	"github.com/dreamseed/platform/data/objects"
	"github.com/dreamseed/platform/data/postgres"
	"github.com/dreamseed/platform/data/redis"
	"github.com/dreamseed/platform/data/store"
)

// builder registers the stores. The object store comes first: it takes the backups of the others.
type builder struct {
	ctx   *pulumi.Context
	name  string
	args  *Args
	child pulumi.ResourceOption

	connections store.Connections
	backups     objects.Backups
}

func (b *builder) newObjects() error {
	register := map[store.Mode]func(name string) (*objects.Objects, error){
		store.InCluster: b.newInClusterObjects, store.Managed: b.newManagedObjects,
	}[b.args.Spec.Objects.Mode]
	if register == nil {
		return nil
	}
	made, err := register(b.name + "-objects")
	if err != nil {
		return err
	}
	b.backups = made.Backups
	b.connections = b.connections.With(made.Connections)
	return nil
}

func (b *builder) newInClusterObjects(name string) (*objects.Objects, error) {
	return objects.New(b.ctx, name, &objects.Args{
		Spec: b.args.Spec.Objects, Environment: b.args.Environment,
		BackupDays: b.args.Spec.Postgres.Backup.RetentionDays,
	}, b.child)
}

func (b *builder) newManagedObjects(name string) (*objects.Objects, error) {
	return objects.NewManaged(b.ctx, name, &objects.ManagedArgs{
		Spec: b.args.Spec.Objects, Environment: b.args.Environment, Cluster: b.args.Cluster,
		Identities: b.args.Identities,
	}, b.child)
}

func (b *builder) newPostgres() error {
	register := map[store.Mode]func(name string) (*postgres.Postgres, error){
		store.InCluster: b.newInClusterPostgres, store.Managed: b.newManagedPostgres,
	}[b.args.Spec.Postgres.Mode]
	if register == nil {
		return nil
	}
	made, err := register(b.name + "-postgres")
	if err != nil {
		return err
	}
	b.connections = b.connections.With(made.Connections)
	return nil
}

func (b *builder) newInClusterPostgres(name string) (*postgres.Postgres, error) {
	return postgres.New(b.ctx, name, &postgres.Args{
		Spec: b.args.Spec.Postgres, Environment: b.args.Environment,
		ObjectStorage: postgres.ObjectStorage{
			Secret: b.backups.Secret, Bucket: b.backups.Bucket, Ready: b.backups.Ready,
		},
	}, b.child)
}

func (b *builder) newManagedPostgres(name string) (*postgres.Postgres, error) {
	return postgres.NewManaged(b.ctx, name, &postgres.ManagedArgs{
		Spec: b.args.Spec.Postgres, Environment: b.args.Environment, Cluster: b.args.Cluster,
	}, b.child)
}

func (b *builder) newRedis() error {
	if b.args.Spec.Redis.Mode != store.InCluster {
		return nil
	}
	made, err := redis.New(b.ctx, b.name+"-redis", &redis.Args{
		Spec: b.args.Spec.Redis, Environment: b.args.Environment,
	}, b.child)
	if err != nil {
		return err
	}
	b.connections = b.connections.With(made.Connections)
	return nil
}

func (b *builder) newKafka() error {
	if b.args.Spec.Kafka.Mode != store.InCluster {
		return nil
	}
	made, err := kafka.New(b.ctx, b.name+"-kafka", &kafka.Args{
		Spec: b.args.Spec.Kafka, Environment: b.args.Environment, Zones: b.args.Zones,
	}, b.child)
	if err != nil {
		return err
	}
	b.connections = b.connections.With(made.Connections)
	return nil
}
