package gke_test

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/cluster"
	"github.com/dreamseed/platform/cluster/gke"
	"github.com/dreamseed/platform/internal/mocktest"
	"github.com/dreamseed/platform/internal/sandbox/standin/gcp"
)

const serverType = "gcp:sql/databaseInstance:DatabaseInstance"

// withData returns a cluster with a range for data stores.
func withData() *cluster.Spec {
	spec := production()
	spec.Network.Data = "10.2.1.0/24"
	return spec
}

func wanted() *cluster.DatabaseArgs {
	args := &cluster.DatabaseArgs{
		DatabaseSpec: cluster.DefaultDatabase(), Base: "postgres",
		Provisioner: &cluster.Identity{Principal: pulumi.String("serviceAccount:provisioner").ToStringOutput()},
	}
	args.Tier = "db-custom-2-7680"
	return args
}

// databases builds a cluster and database servers beside it.
func databases(t *testing.T, spec *cluster.Spec, servers ...*cluster.DatabaseArgs) *mocktest.Recording {
	t.Helper()
	require.NoError(t, spec.Validate())
	return mocktest.Run(t, func(ctx *pulumi.Context) error {
		built, err := gke.New(ctx, "cluster", spec)
		if err != nil {
			return err
		}
		for i, one := range servers {
			made, err := built.NewDatabase(ctx, one)
			if err != nil {
				return err
			}
			if i == 0 {
				ctx.Export("host", made.Host)
			}
		}
		return nil
	}, gcp.Cloud())
}

func TestWithoutARangeNoServerCanBeMade(t *testing.T) {
	_, without := build(t, production())
	assert.Nil(t, without.NewDatabase)
	_, with := build(t, withData())
	assert.NotNil(t, with.NewDatabase)
}

func TestAServerIsReachedFromTheClustersNetworkAlone(t *testing.T) {
	built := databases(t, withData(), wanted())
	servers := built.Each(t, serverType)
	require.Len(t, servers, 1)
	assert.Equal(t, map[string]any{
		"ipv4Enabled": false, "sslMode": "ENCRYPTED_ONLY",
		"privateNetwork": "projects/dreamseed-project/global/networks/" +
			built.Get(t, "gcp:compute/network:Network", "cluster-network").At("name").(string),
	}, servers[0].At("settings", "ipConfiguration"))
	servers[0].AssertDependsOn(t, mocktest.Ref("gcp:servicenetworking/connection:Connection", "cluster-data-connection"))
	assert.NotEmpty(t, built.Outputs["host"])
}

func TestAServerMayBeginWithAnother(t *testing.T) {
	second := wanted()
	second.Generation, second.RestoreFrom = 2, cluster.Restore{Generation: 1, Time: "2026-11-27T10:15:00Z"}
	servers := databases(t, withData(), wanted(), second).Each(t, serverType)
	require.Len(t, servers, 2)
	assert.Nil(t, servers[0].At("clone"))
	assert.Equal(t, map[string]any{"sourceInstanceName": servers[0].At("name"), "pointInTime": "2026-11-27T10:15:00Z"},
		servers[1].At("clone"))
}

// A server that nobody provisions any more is left as it is.
func TestAFormerServerHasNoProvisioner(t *testing.T) {
	former := wanted()
	former.Provisioner = nil
	built := databases(t, withData(), former)
	assert.NotContains(t, mocktest.Names(built.OfType("gcp:projects/iAMMember:IAMMember")),
		built.Each(t, serverType)[0].Name+"-passwords")
}

func TestAServerIsEncryptedWithTheEnvironmentsKey(t *testing.T) {
	built := databases(t, withData(), wanted())
	server := built.Each(t, serverType)[0]
	assert.Equal(t, key, server.At("encryptionKeyName"))
	grant := built.Get(t, keyGrantType, "cluster-databases-key")
	assert.Equal(t, "serviceAccount:service-123456789012@gcp-sa-cloud-sql.iam.gserviceaccount.com", grant.At("member"))
	server.AssertDependsOn(t, grant.Ref())
}

func TestAServerIsProtectedOnBothLevels(t *testing.T) {
	for _, protect := range []bool{true, false} {
		spec := withData()
		spec.Protect = protect
		server := databases(t, spec, wanted()).Each(t, serverType)[0]
		assert.Equal(t, protect, server.Protect)
		assert.Equal(t, protect, server.At("deletionProtection"), "the provider's own")
		assert.Equal(t, protect, server.At("settings", "deletionProtectionEnabled"), "the cloud's, whoever asks")
	}
}

func TestAServerIsBroughtBackToAnyMoment(t *testing.T) {
	args := wanted()
	args.RetentionDays = 5
	backup := databases(t, withData(), args).Each(t, serverType)[0].At("settings", "backupConfiguration")
	assert.Equal(t, map[string]any{
		"enabled": true, "location": "europe-west4", "startTime": "01:00", "pointInTimeRecoveryEnabled": true,
		"transactionLogRetentionDays": 5,
		"backupRetentionSettings":     map[string]any{"retainedBackups": 5, "retentionUnit": "COUNT"},
	}, backup)
}

func TestADiskGrowsByItself(t *testing.T) {
	settings := databases(t, withData(), wanted()).Each(t, serverType)[0].At("settings")
	assert.Equal(t, true, mocktest.At(settings, "diskAutoresize"))
	assert.Equal(t, 500, mocktest.At(settings, "diskAutoresizeLimit"))
	assert.Nil(t, mocktest.At(settings, "diskSize"), "a size below what it has grown to would replace the server")
}

func TestASecondServerIsInAnotherZone(t *testing.T) {
	for available, want := range map[bool]string{true: "REGIONAL", false: "ZONAL"} {
		args := wanted()
		args.HighAvailability = available
		assert.Equal(t, want, databases(t, withData(), args).Each(t, serverType)[0].At("settings", "availabilityType"))
	}
}

func TestAnotherGenerationComesBesideTheFormer(t *testing.T) {
	second := wanted()
	second.Generation = 2
	one, other := databases(t, withData(), wanted()), databases(t, withData(), second)
	assert.NotEqual(t, one.Each(t, serverType)[0].Name, other.Each(t, serverType)[0].Name)
	larger := wanted()
	larger.Tier = "db-custom-4-15360"
	grown := databases(t, withData(), larger)
	assert.Equal(t, one.Each(t, serverType)[0].Name, grown.Each(t, serverType)[0].Name, "its size changes in place")
}
