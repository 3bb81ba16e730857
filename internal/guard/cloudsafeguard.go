package guard

import (
	"fmt"
	"maps"
	"slices"
)

// safe are the settings of cloud resources that protect something, by the name of the property, wherever it stands. A
// change may not lead away from the value.
var safe = map[string]any{
	"adminUserEnabled":                        false,
	"allowBlobPublicAccess":                   false,
	"allowSharedKeyAccess":                    false,
	"blockPublicAcls":                         true,
	"blockPublicPolicy":                       true,
	"bootstrapClusterCreatorAdminPermissions": false,
	"deletionProtection":                      true,
	"deletionProtectionEnabled":               true,
	"disableLocalAccounts":                    true,
	"enableAzureRBAC":                         true,
	"enableDeletionProtection":                true,
	"enableEncryptionAtHost":                  true,
	"enableHttpsTrafficOnly":                  true,
	"enableIntegrityMonitoring":               true,
	"enableKeyRotation":                       true,
	"enablePrivateCluster":                    true,
	"enablePrivateEndpoint":                   true,
	"enablePrivateNodes":                      true,
	"enablePurgeProtection":                   true,
	"enableRBAC":                              true,
	"enableRbacAuthorization":                 true,
	"enableSecureBoot":                        true,
	"enableShieldedNodes":                     true,
	"enableSoftDelete":                        true,
	"endpointPrivateAccess":                   true,
	"endpointPublicAccess":                    false,
	"forceDestroy":                            false,
	"httpTokens":                              "required",
	"ignorePublicAcls":                        true,
	"imageTagMutability":                      "IMMUTABLE",
	"immutableTags":                           true,
	"isVersioningEnabled":                     true,
	"publicAccessPrevention":                  "enforced",
	"publicNetworkAccess":                     "Disabled",
	"publiclyAccessible":                      false,
	"restrictPublicBuckets":                   true,
	"skipFinalSnapshot":                       false,
	"storageEncrypted":                        true,
	"uniformBucketLevelAccess":                true,
}

// needed are the settings of cloud resources that protect by being there at all.
var needed = []string{
	"authorizedIPRanges", "databaseEncryption", "diskEncryptionSetID", "enabledClusterLogTypes", "encryptionConfig",
	"encryptionConfigurations", "kmsKeyId", "kmsKeyName", "kmsMasterKeyId", "defaultKmsKeyName",
	"masterAuthorizedNetworksConfig", "rotationPeriod", "securityPostureConfig", "workloadIdentityConfig",
}

// cloudSafeguards returns the safeguards that a cloud resource has, at any depth.
func cloudSafeguards(inputs map[string]any) []string { return safeguardsBelow("", inputs) }

func safeguardsBelow(path string, value any) []string {
	var found []string
	switch container := value.(type) {
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(container)) {
			found = append(found, safeguard(path+key, key, container[key])...)
			found = append(found, safeguardsBelow(path+key+".", container[key])...)
		}
	case []any:
		for i, item := range container {
			found = append(found, safeguardsBelow(fmt.Sprintf("%s%d.", path, i), item)...)
		}
	}
	return found
}

// safeguard returns what one property protects, if it does.
func safeguard(path, key string, value any) []string {
	if want, listed := safe[key]; listed && value == want {
		return []string{fmt.Sprintf("%s: %v", path, value)}
	}
	if slices.Contains(needed, key) && value != nil && value != "" {
		return []string{path}
	}
	return nil
}

// keepsNoVersions reads a bucket of Google Cloud, or what AWS keeps of the versions of one.
func keepsNoVersions(inputs map[string]any) []string {
	enabled := object(inputs, "versioning")["enabled"] == true
	if enabled || object(inputs, "versioningConfiguration")["status"] == "Enabled" {
		return nil
	}
	return []string{"keeps no former versions of its objects"}
}
