package aks

import (
	"fmt"

	"github.com/pulumi/pulumi-azure-native-sdk/authorization/v2"
	compute "github.com/pulumi/pulumi-azure-native-sdk/compute/v2/v20240302"
	"github.com/pulumi/pulumi-azure-native-sdk/keyvault/v2"
	"github.com/pulumi/pulumi-azure-native-sdk/resources/v2"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/internal/naming"
)

// vaultName is the rule of a vault's name, which is unique in the world
// (https://learn.microsoft.com/azure/key-vault/general/about-keys-secrets-certificates).
var vaultName = naming.Rule{Length: 24, Separator: "-", HashLength: 6}

// keptDays is how long a deleted vault or key can still be saved: the longest that Azure offers.
const keptDays = 90

// encryption is the environment's vault with its key, and what encrypts disks with it. The vault is also where the
// services' secrets are.
type encryption struct {
	vault *keyvault.Vault
	key   *keyvault.Key
	disks *compute.DiskEncryptionSet
}

func (b *builder) newEncryption(group *resources.ResourceGroup, who *identities) (*encryption, error) {
	vault, err := b.newVault(group)
	if err != nil {
		return nil, fmt.Errorf("creating the key vault: %w", err)
	}
	key, err := keyvault.NewKey(b.ctx, b.name+"-key", &keyvault.KeyArgs{
		KeyName:           pulumi.String("cluster"),
		VaultName:         vault.Name,
		ResourceGroupName: group.Name,
		Properties: &keyvault.KeyPropertiesArgs{
			Kty: pulumi.String("RSA"), KeySize: pulumi.Int(3072),
		},
	}, b.kept()...)
	if err != nil {
		return nil, fmt.Errorf("creating the key: %w", err)
	}
	disks, err := b.newDiskEncryption(group, who, vault, key)
	if err != nil {
		return nil, err
	}
	return &encryption{vault: vault, key: key, disks: disks}, nil
}

// newVault can be neither emptied nor purged by accident. Who may use it is a matter of roles alone.
func (b *builder) newVault(group *resources.ResourceGroup) (*keyvault.Vault, error) {
	client := authorization.GetClientConfigOutput(b.ctx, pulumi.Parent(b), pulumi.Provider(b.provider))
	return keyvault.NewVault(b.ctx, b.name+"-vault", &keyvault.VaultArgs{
		VaultName:         pulumi.String(vaultName.WithHash(b.spec.Name, map[string]string{"account": b.spec.Account})),
		ResourceGroupName: group.Name,
		Location:          b.location(),
		Properties: &keyvault.VaultPropertiesArgs{
			TenantId:                  client.TenantId(),
			Sku:                       &keyvault.SkuArgs{Family: pulumi.String("A"), Name: keyvault.SkuNameStandard},
			EnableRbacAuthorization:   pulumi.Bool(true),
			EnableSoftDelete:          pulumi.Bool(true),
			EnablePurgeProtection:     pulumi.Bool(true),
			SoftDeleteRetentionInDays: pulumi.Int(keptDays),
		},
	}, b.kept()...)
}

func (b *builder) newDiskEncryption(
	group *resources.ResourceGroup, who *identities, vault *keyvault.Vault, key *keyvault.Key,
) (*compute.DiskEncryptionSet, error) {
	granted, err := b.newGrant(grant{
		"disk-encryption", cryptoEncryptionUser, who.disks.PrincipalId, vault.ID().ToStringOutput(),
	})
	if err != nil {
		return nil, err
	}
	disks, err := compute.NewDiskEncryptionSet(b.ctx, b.name+"-disks", &compute.DiskEncryptionSetArgs{
		DiskEncryptionSetName: pulumi.String(b.spec.Name),
		ResourceGroupName:     group.Name,
		Location:              b.location(),
		EncryptionType:        pulumi.String("EncryptionAtRestWithCustomerKey"),
		ActiveKey:             &compute.KeyForDiskEncryptionSetArgs{KeyUrl: key.KeyUriWithVersion},
		Identity: &compute.EncryptionSetIdentityArgs{
			Type:                   pulumi.String("UserAssigned"),
			UserAssignedIdentities: pulumi.StringArray{who.disks.ID()},
		},
		RotationToLatestKeyVersionEnabled: pulumi.Bool(true),
	}, b.kept(pulumi.DependsOn([]pulumi.Resource{granted}))...)
	if err != nil {
		return nil, fmt.Errorf("creating the disk encryption set: %w", err)
	}
	return disks, nil
}
