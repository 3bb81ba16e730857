package aks

import (
	"fmt"
	"strings"

	storage "github.com/pulumi/pulumi-azure-native-sdk/storage/v2/v20230501"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/cluster"
	"github.com/dreamseed/platform/internal/naming"
)

// storageRule is the naming rule for a storage account: small letters and digits. The name is globally unique
// (https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsoftstorage).
var storageRule = naming.Rule{Length: 24, HashLength: 8}

// storageAccount has the environment's containers.
type storageAccount struct {
	*storage.StorageAccount
	name string
	// ready lists what must be complete before somebody writes a blob that has to be kept.
	ready []pulumi.Resource
}

// newStorageAccount creates the account of the environment's blobs, with copies in three zones. It has no key that
// anybody could sign in with, and encrypts with a key of the environment's vault. There is no lock on it: under a lock,
// Azure takes no right to a container back (https://github.com/MicrosoftDocs/azure-docs/issues/110791). A deleted
// account can be recovered for two weeks (https://learn.microsoft.com/azure/storage/common/storage-account-recover).
func (b *builder) newStorageAccount(keys *encryption, spec cluster.BucketSpec) (*storageAccount, error) {
	name := storageRule.WithHash("st"+strings.ReplaceAll(b.spec.Name, "-", ""), b.place())
	identity, grant, err := b.newStorageKeyUser(keys)
	if err != nil {
		return nil, err
	}
	account, err := storage.NewStorageAccount(b.ctx, b.name+"-storage-account", &storage.StorageAccountArgs{
		AccountName:                 pulumi.String(name),
		ResourceGroupName:           b.group,
		Location:                    pulumi.String(b.spec.Region),
		Kind:                        pulumi.String("StorageV2"),
		Sku:                         &storage.SkuArgs{Name: pulumi.String("Standard_ZRS")},
		AllowBlobPublicAccess:       pulumi.Bool(false),
		AllowSharedKeyAccess:        pulumi.Bool(false),
		AllowCrossTenantReplication: pulumi.Bool(false),
		EnableHttpsTrafficOnly:      pulumi.Bool(true),
		MinimumTlsVersion:           pulumi.String("TLS1_2"),
		Identity: &storage.IdentityArgs{
			Type: pulumi.String("UserAssigned"), UserAssignedIdentities: pulumi.StringArray{identity.ID()},
		},
		Encryption: &storage.EncryptionArgs{
			KeySource: pulumi.String("Microsoft.Keyvault"),
			// Without a version, Azure follows the key's rotation
			// (https://learn.microsoft.com/azure/storage/common/customer-managed-keys-overview).
			KeyVaultProperties: &storage.KeyVaultPropertiesArgs{
				KeyVaultUri: keys.vault.Properties.VaultUri(), KeyName: pulumi.String(storageKey),
			},
			EncryptionIdentity: &storage.EncryptionIdentityArgs{EncryptionUserAssignedIdentity: identity.ID()},
		},
	}, b.kept(pulumi.DependsOn([]pulumi.Resource{grant}))...)
	if err != nil {
		return nil, fmt.Errorf("creating the storage account: %w", err)
	}
	settings, err := b.newStorageSettings(account, spec)
	if err != nil {
		return nil, fmt.Errorf("setting up the storage account: %w", err)
	}
	return &storageAccount{account, name, append(settings, account)}, nil
}

// storageKey is the name of the key that the blobs are encrypted with.
const storageKey = "buckets"

// newStorageKeyUser creates the identity with which the account uses its key: one of its own would only exist with the
// account.
func (b *builder) newStorageKeyUser(keys *encryption) (*identity, pulumi.Resource, error) {
	key, err := b.newKey(keys.vault, storageKey, rotation())
	if err != nil {
		return nil, nil, fmt.Errorf("creating the key of the buckets: %w", err)
	}
	identity, err := b.newUserAssigned(b.name+"-storage-account-identity", b.spec.Name+"-buckets", b.child())
	if err != nil {
		return nil, nil, fmt.Errorf("creating the identity of the storage account: %w", err)
	}
	grant, err := b.newGrant(b.name+"-buckets-key-grant", identity.principal(), keyServiceUser,
		b.keyScope(key, storageKey))
	return identity, grant, err
}

// containerDays is for how many days a deleted container can be restored.
const containerDays = 7

// newStorageSettings keeps former versions, and what was deleted. A version that is too old goes the way of a deleted
// blob, and can be restored as long: Azure counts from when it was written, and not from when it was overwritten.
func (b *builder) newStorageSettings(
	account *storage.StorageAccount, spec cluster.BucketSpec,
) ([]pulumi.Resource, error) {
	in := b.child(pulumi.DeletedWith(account))
	service, err := storage.NewBlobServiceProperties(b.ctx, b.name+"-storage-account-blobs",
		&storage.BlobServicePropertiesArgs{
			AccountName: account.Name, ResourceGroupName: b.group, BlobServicesName: pulumi.String("default"),
			IsVersioningEnabled:            pulumi.Bool(true),
			DeleteRetentionPolicy:          retention(spec.RetentionDays),
			ContainerDeleteRetentionPolicy: retention(containerDays),
		}, in...)
	if err != nil {
		return nil, err
	}
	// Azure takes rules about versions once it keeps some.
	lifecycle, err := storage.NewManagementPolicy(b.ctx, b.name+"-storage-account-lifecycle",
		&storage.ManagementPolicyArgs{
			AccountName: account.Name, ResourceGroupName: b.group, ManagementPolicyName: pulumi.String("default"),
			Policy: storageLifecycle(spec),
		}, append(in, pulumi.DependsOn([]pulumi.Resource{service}))...)
	if err != nil {
		return nil, err
	}
	return []pulumi.Resource{service, lifecycle}, nil
}

func retention(days int) *storage.DeleteRetentionPolicyArgs {
	return &storage.DeleteRetentionPolicyArgs{Enabled: pulumi.Bool(true), Days: pulumi.Int(days)}
}

// storageLifecycle deletes former versions after some days.
func storageLifecycle(spec cluster.BucketSpec) *storage.ManagementPolicySchemaArgs {
	return &storage.ManagementPolicySchemaArgs{Rules: storage.ManagementPolicyRuleArray{
		&storage.ManagementPolicyRuleArgs{
			Name: pulumi.String("former-versions"), Type: pulumi.String("Lifecycle"), Enabled: pulumi.Bool(true),
			Definition: &storage.ManagementPolicyDefinitionArgs{
				Filters: &storage.ManagementPolicyFilterArgs{BlobTypes: pulumi.ToStringArray([]string{"blockBlob"})},
				Actions: &storage.ManagementPolicyActionArgs{Version: &storage.ManagementPolicyVersionArgs{
					Delete: &storage.DateAfterCreationArgs{
						DaysAfterCreationGreaterThan: pulumi.Float64(float64(spec.RetentionDays)),
					},
				}},
			},
		},
	}}
}
