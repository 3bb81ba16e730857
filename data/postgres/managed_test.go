package postgres_test

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/cluster"
	"github.com/dreamseed/platform/data/postgres"
	"github.com/dreamseed/platform/data/store"
	"github.com/dreamseed/platform/internal/mocktest"
)

const (
	jobType     = "kubernetes:batch/v1:Job"
	accountType = "kubernetes:core/v1:ServiceAccount"
)

// cloud has a server of a name, and remembers what was asked of it.
type cloud struct {
	server   string
	wanted   *cluster.DatabaseArgs
	identity *cluster.IdentityArgs
}

func (c *cloud) cluster() *cluster.Cluster {
	return &cluster.Cluster{
		NewIdentity: func(
			_ *pulumi.Context, _ string, args *cluster.IdentityArgs, _ ...pulumi.ResourceOption,
		) (*cluster.Identity, error) {
			c.identity = args
			return &cluster.Identity{Annotations: pulumi.StringMap{"cloud.test/identity": pulumi.String("provisioner")}}, nil
		},
		NewDatabase: func(
			_ *pulumi.Context, args *cluster.DatabaseArgs, _ ...pulumi.ResourceOption,
		) (*cluster.Database, error) {
			c.wanted = args
			return &cluster.Database{
				Name: c.server, Host: pulumi.String("10.2.1.3").ToStringOutput(),
				Administrator: cluster.Administrator{
					Username: "administrator", Image: "cloud.test/sign-in:1",
					Script:      `printf '%s' "$GIVEN" >"$ADMINISTRATOR"`,
					Environment: map[string]string{"GIVEN": password},
				},
			}, nil
		},
	}
}

// managed registers PostgreSQL on a server of a cloud, and returns how its services reach it.
func managed(tb testing.TB, of *cloud) (*mocktest.Recording, store.Connections) {
	tb.Helper()
	spec := postgres.Default(store.Managed)
	spec.Managed.Tier = "large"
	var made *postgres.Postgres
	recording := mocktest.Run(tb, func(ctx *pulumi.Context) error {
		environment := args().Environment
		var err error
		if environment.After, err = mocktest.Earlier(ctx); err != nil {
			return err
		}
		made, err = postgres.NewManaged(ctx, "postgres", &postgres.ManagedArgs{
			Spec: spec, Environment: environment, Cluster: of.cluster(),
		})
		return err
	})
	return recording, made.Connections
}

func one() *cloud { return &cloud{server: "dreamseed-test-postgres-1a2b3c"} }

func TestTheCloudIsAskedForWhatTheStacksFileSays(t *testing.T) {
	of := one()
	managed(t, of)
	assert.Equal(t, "large", of.wanted.Tier)
	assert.Equal(t, "postgres", of.wanted.Base)
	assert.NotNil(t, of.wanted.Provisioner)
	assert.Equal(t, "dreamseed-test/postgres-provisioner", of.identity.Namespace+"/"+of.identity.ServiceAccount)
}

func TestASecretLeadsToItsServer(t *testing.T) {
	recording, connections := managed(t, one())
	secret := recording.Get(t, externalType, "postgres-ai-tutor-1a2b3c-secret")
	assert.Equal(t, map[string]any{
		"username": "ai-tutor", "password": "{{ .password }}",
		"DATABASE_URL": "postgresql://ai-tutor:{{ .password }}@10.2.1.3:5432/ai-tutor?sslmode=require",
	}, secret.At("spec", "target", "template", "data"))
	require.Len(t, connections["ai-tutor"].Files, 1)
	assert.Equal(t, "ai-tutor-service-database-url-1a2b3c", connections["ai-tutor"].Files[0].Name)
	assert.NotContains(t, connections, "payment", "it declares no database")
}

// A Secret is written once: one of the former server would keep its address.
func TestAnotherServerIsAnotherSecret(t *testing.T) {
	recording, connections := managed(t, &cloud{server: "dreamseed-test-postgres-4d5e6f"})
	assert.NotContains(t, mocktest.Names(recording.OfType(externalType)), "postgres-ai-tutor-1a2b3c-secret")
	assert.Equal(t, "ai-tutor-service-database-url-4d5e6f", connections["ai-tutor"].Files[0].Name)
	former, _ := managed(t, one())
	assert.NotEqual(t, mocktest.Names(former.OfType(jobType)), mocktest.Names(recording.OfType(jobType)))
}

func TestAServiceStartsOnceItsDatabaseIsThere(t *testing.T) {
	recording, connections := managed(t, one())
	jobs := recording.Each(t, jobType)
	require.Len(t, jobs, 1)
	assert.Len(t, connections["user"].Ready, 2, "its Secret and the Job")
	jobs[0].AssertDependsOn(t, mocktest.Ref(externalType, "postgres-user-1a2b3c-secret"))
}
