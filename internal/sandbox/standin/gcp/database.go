package gcp

import "github.com/dreamseed/platform/internal/sandbox/standin"

// databases has the PostgreSQL servers of Cloud SQL. What replaces one is marked ForceNew in the provider's
// google/services/sql/resource_sql_database_instance.go (v5.45.0).
func databases() map[string]standin.Resource {
	const settings, backup, address = "settings.", "settings.backupConfiguration.", "settings.ipConfiguration."
	return map[string]standin.Resource{
		"gcp:sql/databaseInstance:DatabaseInstance": {
			Source: page("sql_database_instance"),
			Inputs: []string{
				"name", "region", "databaseVersion", "encryptionKeyName", "deletionProtection",
				settings + "tier", settings + "edition", settings + "availabilityType", settings + "diskType",
				settings + "diskAutoresize", settings + "diskAutoresizeLimit", settings + "deletionProtectionEnabled",
				address + "ipv4Enabled", address + "privateNetwork", address + "sslMode",
				backup + "enabled", backup + "location", backup + "startTime", backup + "pointInTimeRecoveryEnabled",
				backup + "transactionLogRetentionDays", backup + "backupRetentionSettings.retainedBackups",
				backup + "backupRetentionSettings.retentionUnit",
				settings + "maintenanceWindow.day", settings + "maintenanceWindow.hour",
				settings + "maintenanceWindow.updateTrack",
				"clone.sourceInstanceName", "clone.pointInTime",
			},
			Required: []string{"databaseVersion", settings + "tier"},
			Replaces: []string{"name", "region", "encryptionKeyName", settings + "diskType"},
			ID:       standin.Text("{name}"),
			Outputs: map[string]standin.Value{
				"connectionName":   standin.Text("{project}:{region}:{name}"),
				"privateIpAddress": standin.Constant("10.2.1.3"),
			},
		},
	}
}
