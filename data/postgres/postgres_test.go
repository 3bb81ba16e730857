package postgres_test

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/dreamseed/platform/data/postgres"
	"github.com/dreamseed/platform/data/store"
	"github.com/dreamseed/platform/internal/mocktest"
	"github.com/dreamseed/platform/services/catalogue"
)

const (
	clusterType   = "kubernetes:postgresql.cnpg.io/v1:Cluster"
	databaseType  = "kubernetes:postgresql.cnpg.io/v1:Database"
	roleType      = "kubernetes:postgresql.cnpg.io/v1:DatabaseRole"
	externalType  = "kubernetes:external-secrets.io/v1:ExternalSecret"
	cronJobType   = "kubernetes:batch/v1:CronJob"
	configMapType = "kubernetes:core/v1:ConfigMap"
)

// service returns a service with or without a database.
func service(name string, database bool) catalogue.Service {
	one, _ := catalogue.Lookup(name)
	one.Needs = catalogue.Needs{Postgres: database}
	return one
}

func args() *postgres.Args {
	spec := postgres.Default(store.InCluster)
	spec.Storage = resource.MustParse("10Gi")
	return &postgres.Args{
		Spec: spec,
		Environment: store.Environment{
			Services:  []catalogue.Service{service("ai-tutor", true), service("user", true), service("payment", false)},
			Namespace: "dreamseed-test", StorageClass: "encrypted", Protect: true, DeadlineSeconds: 60,
		},
		ObjectStorage: postgres.ObjectStorage{Secret: "backups-object-storage", Bucket: "backups"},
	}
}

// built registers PostgreSQL after a resource that has to exist first.
func built(tb testing.TB, of *postgres.Args) *mocktest.Recording {
	tb.Helper()
	return mocktest.Run(tb, func(ctx *pulumi.Context) error {
		var err error
		if of.After, err = mocktest.Earlier(ctx); err != nil {
			return err
		}
		_, err = postgres.New(ctx, "postgres", of)
		return err
	})
}
