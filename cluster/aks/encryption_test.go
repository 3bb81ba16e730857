package aks_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/dreamseed/platform/internal/mocktest"
)

func TestTheVaultLetsInByRolesAndForgetsNothing(t *testing.T) {
	built, _ := build(t, production())
	properties := built.Get(t, vaultType, "cluster-vault").At("properties").(map[string]any)
	assert.Equal(t, "5f0c2a10-0000-4000-8000-0000000000aa", properties["tenantId"], "the subscription's own")
	for property, want := range map[string]any{
		"enableRbacAuthorization": true, "enablePurgeProtection": true, "enableSoftDelete": true,
		"softDeleteRetentionInDays": 90,
	} {
		assert.Equal(t, want, properties[property], property)
	}
}

func TestSecretsAndDisksAreEncryptedWithKeysOfTheVault(t *testing.T) {
	built, _ := build(t, production())
	vault := built.Get(t, vaultType, "cluster-vault").At("vaultName").(string)
	plane, set := built.Get(t, clusterType, "cluster-cluster"), built.Get(t, disksType, "cluster-disks")

	kms := plane.At("securityProfile", "azureKeyVaultKms").(map[string]any)
	assert.Equal(t, true, kms["enabled"])
	assert.Regexp(t, "^https://"+vault+`\.vault\.azure\.net/keys/secrets/[0-9a-f]{32}$`, kms["keyId"], "a version")
	assert.Nil(t, built.Get(t, keyType, "cluster-secrets-key").At("properties", "rotationPolicy"),
		"with a new version every secret has to be written again")

	assert.Regexp(t, "^https://"+vault+`\.vault\.azure\.net/keys/disks/[0-9a-f]{32}$`, set.At("activeKey", "keyUrl"))
	assert.Equal(t, true, set.At("rotationToLatestKeyVersionEnabled"))
	assert.Equal(t, "P90D", built.Get(t, keyType, "cluster-disks-key").
		At("properties", "rotationPolicy", "lifetimeActions", 0, "trigger", "timeAfterCreate"))
	assert.Equal(t, groupID(t, built)+"/providers/Microsoft.Compute/diskEncryptionSets/dreamseed-test",
		plane.At("diskEncryptionSetID"), "the nodes' disks, too")
	for _, grant := range []string{"cluster-secrets-key-grant", "cluster-disks-key-grant", "cluster-disks-grant"} {
		plane.AssertDependsOn(t, mocktest.Ref(grantType, grant))
	}
}
