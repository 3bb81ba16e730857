package gke

import (
	"fmt"
	"sync"

	"github.com/pulumi/pulumi-gcp/sdk/v7/go/gcp/sql"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/cluster"
)

// databaseVersion is the newest version that Cloud SQL's edition Enterprise has had for a year
// (https://cloud.google.com/sql/docs/postgres/db-versions). Cloud SQL upgrades it in place when it is raised, with a
// downtime of minutes.
const databaseVersion = "POSTGRES_17"

// newDatabase returns the builder of PostgreSQL servers of Cloud SQL, or nil without a range for them.
func (b *builder) newDatabase(net *network, keys *encryption, number pulumi.StringOutput) cluster.DatabaseBuilder {
	if net.data == nil {
		return nil
	}
	granted := sync.OnceValues(func() (pulumi.Resource, error) { return b.newDatabaseKeyGrant(keys, number) })
	return func(
		ctx *pulumi.Context, args *cluster.DatabaseArgs, opts ...pulumi.ResourceOption,
	) (*cluster.Database, error) {
		grant, err := granted()
		if err != nil {
			return nil, err
		}
		// Another generation is another resource, which comes beside the former one.
		logical, physical := fmt.Sprintf("%s-%s-%d", b.name, args.Base, args.Generation), b.spec.NameDatabase(args)
		server, err := sql.NewDatabaseInstance(ctx, logical, &sql.DatabaseInstanceArgs{
			Name:               pulumi.String(physical),
			Region:             pulumi.String(b.spec.Region),
			DatabaseVersion:    pulumi.String(databaseVersion),
			EncryptionKeyName:  keys.key.ID(),
			DeletionProtection: pulumi.Bool(b.spec.Protect),
			Settings:           b.databaseSettings(net, args),
			Clone:              b.databaseOrigin(args),
		}, append(b.kept(pulumi.DependsOn([]pulumi.Resource{net.data, grant})), opts...)...)
		if err != nil {
			return nil, fmt.Errorf("creating the database server: %w", err)
		}
		made := &cluster.Database{
			Name: physical, Host: server.PrivateIpAddress, Administrator: b.administrator(physical),
			Ready: []pulumi.Resource{server},
		}
		if args.Provisioner == nil {
			return made, nil
		}
		passwords, err := b.newPasswordGrant(ctx, logical+"-passwords", physical, args.Provisioner, opts...)
		if err != nil {
			return nil, err
		}
		made.Ready = append(made.Ready, passwords)
		return made, nil
	}
}

// databaseOrigin returns the server, and the moment, that a new one begins with
// (https://cloud.google.com/sql/docs/postgres/backup-recovery/pitr#perform_the_point-in-time_recovery).
func (b *builder) databaseOrigin(args *cluster.DatabaseArgs) sql.DatabaseInstanceClonePtrInput {
	from := args.RestoreFrom
	if from.Generation == 0 {
		return nil
	}
	former := *args
	former.Generation = from.Generation
	origin := &sql.DatabaseInstanceCloneArgs{SourceInstanceName: pulumi.String(b.spec.NameDatabase(&former))}
	if from.Time != "" {
		origin.PointInTime = pulumi.String(from.Time)
	}
	return origin
}

// newDatabaseKeyGrant lets Cloud SQL's service agent use the environment's key
// (https://cloud.google.com/sql/docs/postgres/configure-cmek).
func (b *builder) newDatabaseKeyGrant(keys *encryption, number pulumi.StringOutput) (pulumi.Resource, error) {
	grant, err := b.newKeyGrant(b.name+"-databases-key", keys.key, number, "gcp-sa-cloud-sql")
	if err != nil {
		return nil, fmt.Errorf("granting the database server the use of the key: %w", err)
	}
	return grant, nil
}

// databaseSettings has no size of the disk: one that is smaller than the disk has grown to would replace the server
// (https://github.com/pulumi/pulumi-gcp/issues/549).
func (b *builder) databaseSettings(net *network, args *cluster.DatabaseArgs) *sql.DatabaseInstanceSettingsArgs {
	availability := "ZONAL"
	if args.HighAvailability {
		availability = "REGIONAL"
	}
	return &sql.DatabaseInstanceSettingsArgs{
		Tier:                      pulumi.String(args.Tier),
		Edition:                   pulumi.String("ENTERPRISE"),
		AvailabilityType:          pulumi.String(availability),
		DiskType:                  pulumi.String("PD_SSD"),
		DiskAutoresize:            pulumi.Bool(true),
		DiskAutoresizeLimit:       pulumi.Int(args.MaxStorageGB),
		DeletionProtectionEnabled: pulumi.Bool(b.spec.Protect),
		IpConfiguration: &sql.DatabaseInstanceSettingsIpConfigurationArgs{
			Ipv4Enabled:    pulumi.Bool(false), // the default is a public address
			PrivateNetwork: net.network.ID(),
			SslMode:        pulumi.String("ENCRYPTED_ONLY"),
		},
		BackupConfiguration: &sql.DatabaseInstanceSettingsBackupConfigurationArgs{
			Enabled:                     pulumi.Bool(true),
			Location:                    pulumi.String(b.spec.Region),
			StartTime:                   pulumi.String(fmt.Sprintf("%02d:00", cluster.MaintenanceStartHour)),
			PointInTimeRecoveryEnabled:  pulumi.Bool(true),
			TransactionLogRetentionDays: pulumi.Int(args.RetentionDays),
			BackupRetentionSettings: &sql.DatabaseInstanceSettingsBackupConfigurationBackupRetentionSettingsArgs{
				RetainedBackups: pulumi.Int(args.RetentionDays),
				RetentionUnit:   pulumi.String("COUNT"),
			},
		},
		MaintenanceWindow: &sql.DatabaseInstanceSettingsMaintenanceWindowArgs{
			Day: pulumi.Int(7), Hour: pulumi.Int(cluster.MaintenanceStartHour), UpdateTrack: pulumi.String("stable"),
		},
	}
}
