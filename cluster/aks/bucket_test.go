package aks_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/dreamseed/platform/cluster"
	"github.com/dreamseed/platform/cluster/aks"
	"github.com/dreamseed/platform/internal/mocktest"
	"github.com/dreamseed/platform/internal/mocktest/buckettest"
	"github.com/dreamseed/platform/internal/sandbox/standin/azurenative"
)

const (
	containerType = "azure-native:storage/v20230501:BlobContainer"
	accountType   = "azure-native:storage/v20230501:StorageAccount"
)

func buckets(t *testing.T, spec *cluster.Spec) *buckettest.Buckets {
	t.Helper()
	return buckettest.Build(t, aks.New, spec, azurenative.Cloud())
}

func account(t *testing.T, built *buckettest.Buckets) *mocktest.Resource {
	t.Helper()
	return built.Get(t, accountType, "cluster-storage-account")
}

func TestABucketIsFoundByItsOwner(t *testing.T) {
	built := buckets(t, production())
	assert.Len(t, built.OfType(accountType), 1, "the buckets of an environment share an account")
	container := built.Get(t, containerType, "cluster-bucket-user-avatars")
	assert.Equal(t, built.Avatars.Name, container.At("containerName"))
	assert.Equal(t, account(t, built).At("accountName"), container.At("accountName"))
	assert.Equal(t, "https://"+account(t, built).At("accountName").(string)+".blob.core.windows.net",
		built.Avatars.Endpoint)
	assert.Len(t, built.Avatars.Ready, 5, "the container, the account, its two settings, and the right")
}

func TestABucketIsOfItsOwnerAlone(t *testing.T) {
	built := buckets(t, production())
	const blobDataContributor = "ba92f5b4-2d11-453d-a403-e96b0029c9fe"
	var theirs []granted
	for _, one := range grants(t, built.Recording) {
		if one.role == blobDataContributor {
			theirs = append(theirs, one)
		}
	}
	if assert.Len(t, theirs, 1, "nobody has the one that no service declares any more") {
		assert.Contains(t, theirs[0].where, "/blobServices/default/containers/"+built.Avatars.Name)
	}
}

func TestABucketIsNeverPublic(t *testing.T) {
	built := buckets(t, production())
	assert.Equal(t, false, account(t, built).At("allowBlobPublicAccess"))
	assert.Equal(t, false, account(t, built).At("allowSharedKeyAccess"), "no key signs in")
	for _, one := range built.Each(t, containerType) {
		assert.Equal(t, "None", one.At("publicAccess"))
	}
}

func TestABucketKeepsWhatWasOverwrittenOrDeleted(t *testing.T) {
	built := buckets(t, production())
	service := built.Get(t, "azure-native:storage/v20230501:BlobServiceProperties", "cluster-storage-account-blobs")
	assert.Equal(t, true, service.At("isVersioningEnabled"))
	assert.Equal(t, map[string]any{"enabled": true, "days": buckettest.Days}, service.At("deleteRetentionPolicy"))
	assert.Equal(t, map[string]any{"enabled": true, "days": 7}, service.At("containerDeleteRetentionPolicy"))
	policy := built.Get(t, "azure-native:storage/v20230501:ManagementPolicy", "cluster-storage-account-lifecycle")
	policy.AssertDependsOn(t, service.Ref())
	assert.EqualValues(t, buckettest.Days, policy.At("policy", "rules", 0, "definition", "actions", "version", "delete",
		"daysAfterCreationGreaterThan"))
}

// Under a lock, Azure would not take a right to a container back.
func TestABucketIsProtectedWithoutALock(t *testing.T) {
	for _, protect := range []bool{true, false} {
		spec := production()
		spec.Protect = protect
		built := buckets(t, spec)
		assert.Equal(t, protect, account(t, built).Protect)
		for _, one := range built.Each(t, containerType) {
			assert.Equal(t, protect, one.Protect)
		}
		assert.NotContains(t, mocktest.Names(built.OfType(lockType)), "cluster-storage-account-lock")
	}
}

func TestABucketIsEncryptedWithTheEnvironmentsKey(t *testing.T) {
	built := buckets(t, production())
	of := account(t, built)
	grant := built.Get(t, grantType, "cluster-buckets-key-grant")
	of.AssertDependsOn(t, grant.Ref())
	assert.Equal(t, "Microsoft.Keyvault", of.At("encryption", "keySource"))
	assert.Equal(t, "buckets", of.At("encryption", "keyVaultProperties", "keyName"))
	assert.Equal(t, of.At("identity", "userAssignedIdentities", 0),
		of.At("encryption", "encryptionIdentity", "encryptionUserAssignedIdentity"))
}
