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
	if b.args.Spec.Objects.Mode != store.InCluster {
		return nil
	}
	made, err := objects.New(b.ctx, b.name+"-objects", &objects.Args{
		Spec: b.args.Spec.Objects, Namespace: b.args.Namespace, Services: b.args.Services,
		BackupDays: b.args.Spec.Postgres.Backup.RetentionDays, StorageClass: b.args.StorageClass, Protect: b.args.Protect,
		DeadlineSeconds: b.args.DeadlineSeconds, After: b.args.After,
	}, b.child)
	if err != nil {
		return err
	}
	b.backups = made.Backups
	b.connections = b.connections.With(made.Connections)
	return nil
}

func (b *builder) newPostgres() error {
	if b.args.Spec.Postgres.Mode != store.InCluster {
		return nil
	}
	made, err := postgres.New(b.ctx, b.name+"-postgres", &postgres.Args{
		Spec: b.args.Spec.Postgres, Namespace: b.args.Namespace, Services: b.args.Services,
		StorageClass: b.args.StorageClass, Protect: b.args.Protect, DeadlineSeconds: b.args.DeadlineSeconds,
		ObjectStorage: postgres.ObjectStorage{
			Secret: b.backups.Secret, Bucket: b.backups.Bucket, Ready: b.backups.Ready,
		},
		After: b.args.After,
	}, b.child)
	if err != nil {
		return err
	}
	b.connections = b.connections.With(made.Connections)
	return nil
}

func (b *builder) newRedis() error {
	if b.args.Spec.Redis.Mode != store.InCluster {
		return nil
	}
	made, err := redis.New(b.ctx, b.name+"-redis", &redis.Args{
		Spec: b.args.Spec.Redis, Namespace: b.args.Namespace, Services: b.args.Services,
		StorageClass: b.args.StorageClass, Protect: b.args.Protect, DeadlineSeconds: b.args.DeadlineSeconds,
		After: b.args.After,
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
		Spec: b.args.Spec.Kafka, Namespace: b.args.Namespace, Services: b.args.Services, Zones: b.args.Zones,
		StorageClass: b.args.StorageClass, Protect: b.args.Protect, DeadlineSeconds: b.args.DeadlineSeconds,
		After: b.args.After,
	}, b.child)
	if err != nil {
		return err
	}
	b.connections = b.connections.With(made.Connections)
	return nil
}
