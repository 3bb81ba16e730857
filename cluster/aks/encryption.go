package aks

import (
	"fmt"
	"strings"

	compute "github.com/pulumi/pulumi-azure-native-sdk/compute/v2/v20240302"
	keyvault "github.com/pulumi/pulumi-azure-native-sdk/keyvault/v2/v20241101"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/internal/naming"
)

// vaultRule is the rule of a vault's name, which is unique in the world and begins with a letter
// (https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsoftkeyvault).
var vaultRule = naming.Rule{Length: 24, HashLength: 8}

// keptDays is how long a deleted vault or key can be brought back, the longest that there is. Nobody can shorten it.
const keptDays = 90

// rotationPeriod is 90 days, as an ISO 8601 duration.
const rotationPeriod = "P90D"

// encryption is the vault of the environment, and what it encrypts with it.
type encryption struct {
	vault *keyvault.Vault
	// secrets is the key of Kubernetes secrets, disks what encrypts disks.
	secrets *keyvault.Key
	disks   *compute.DiskEncryptionSet
	// grants must be there before what is encrypted.
	grants []pulumi.Resource
}

// vaultName leaves hyphens out, of which a vault's name takes no two in a row.
func (b *builder) vaultName() string {
	return vaultRule.WithHash("kv"+strings.ReplaceAll(b.spec.Name, "-", ""), b.place())
}

// newEncryption makes the vault and a key for each who encrypts. The name of a vault stays taken while it can be
// brought back: an environment that returns under its old name within that time has to recover and import it
// (https://learn.microsoft.com/azure/key-vault/general/key-vault-recovery).
func (b *builder) newEncryption(ids *identities) (*encryption, error) {
	vault, err := b.newVault(ids)
	if err != nil {
		return nil, fmt.Errorf("creating the vault: %w", err)
	}
	secrets, decrypt, err := b.newSecretsKey(vault, ids)
	if err != nil {
		return nil, fmt.Errorf("creating the key of Kubernetes secrets: %w", err)
	}
	disks, grants, err := b.newDisks(vault, ids)
	if err != nil {
		return nil, fmt.Errorf("creating the encryption of disks: %w", err)
	}
	return &encryption{vault: vault, secrets: secrets, disks: disks, grants: append(grants, decrypt)}, nil
}

// newVault answers on the internet, to whom Entra lets in: the control plane, which is Azure's own machine, reaches a
// vault neither through a firewall nor, without preview features, in a private network
// (https://learn.microsoft.com/azure/aks/use-kms-etcd-encryption#limitations).
func (b *builder) newVault(ids *identities) (*keyvault.Vault, error) {
	return keyvault.NewVault(b.ctx, b.name+"-vault", &keyvault.VaultArgs{
		VaultName:         pulumi.String(b.vaultName()),
		ResourceGroupName: b.group,
		Location:          pulumi.String(b.spec.Region),
		Properties: &keyvault.VaultPropertiesArgs{
			TenantId:                  ids.plane.TenantId,
			Sku:                       &keyvault.SkuArgs{Family: pulumi.String("A"), Name: keyvault.SkuNameStandard},
			EnableRbacAuthorization:   pulumi.Bool(true),
			EnablePurgeProtection:     pulumi.Bool(true),
			EnableSoftDelete:          pulumi.Bool(true),
			SoftDeleteRetentionInDays: pulumi.Int(keptDays),
		},
	}, b.kept()...)
}

// newSecretsKey is not rotated by the vault: AKS names a version of the key, and every secret has to be written again
// with a new one (https://learn.microsoft.com/azure/aks/use-kms-etcd-encryption#rotate-the-existing-keys).
func (b *builder) newSecretsKey(vault *keyvault.Vault, ids *identities) (*keyvault.Key, pulumi.Resource, error) {
	key, err := b.newKey(vault, "secrets", nil)
	if err != nil {
		return nil, nil, err
	}
	grant, err := b.newGrant(b.name+"-secrets-key-grant", ids.plane.principal(), keyUser, b.keyScope(key, "secrets"))
	return key, grant, err
}

// newDisks encrypts disks with a key that the vault rotates, and lets the control plane put disks under it. For that
// the driver of volumes has to see the set (https://github.com/kubernetes-sigs/azuredisk-csi-driver/issues/2609).
func (b *builder) newDisks(
	vault *keyvault.Vault, ids *identities,
) (*compute.DiskEncryptionSet, []pulumi.Resource, error) {
	key, err := b.newKey(vault, "disks", rotation())
	if err != nil {
		return nil, nil, err
	}
	set, err := compute.NewDiskEncryptionSet(b.ctx, b.name+"-disks", &compute.DiskEncryptionSetArgs{
		DiskEncryptionSetName: pulumi.String(b.spec.Name),
		ResourceGroupName:     b.group,
		Location:              pulumi.String(b.spec.Region),
		EncryptionType:        pulumi.String("EncryptionAtRestWithCustomerKey"),
		ActiveKey: &compute.KeyForDiskEncryptionSetArgs{
			KeyUrl:      key.KeyUriWithVersion,
			SourceVault: &compute.SourceVaultArgs{Id: vault.ID()},
		},
		RotationToLatestKeyVersionEnabled: pulumi.Bool(true),
		Identity:                          &compute.EncryptionSetIdentityArgs{Type: pulumi.String("SystemAssigned")},
	}, b.kept()...)
	if err != nil {
		return nil, nil, err
	}
	use, err := b.newGrant(b.name+"-disks-key-grant",
		principal{b.groupName() + "/disks", "ServicePrincipal", set.Identity.PrincipalId().Elem()},
		keyServiceUser, b.keyScope(key, "disks"))
	if err != nil {
		return nil, nil, err
	}
	see, err := b.newGrant(b.name+"-disks-grant", ids.plane.principal(), reader,
		scope{b.groupName() + "/disks", set.ID().ToStringOutput()})
	return set, []pulumi.Resource{use, see}, err
}

// newKey makes a key that goes with its vault: to delete it alone takes rights to all keys' content.
func (b *builder) newKey(
	vault *keyvault.Vault, name string, rotation keyvault.RotationPolicyPtrInput,
) (*keyvault.Key, error) {
	return keyvault.NewKey(b.ctx, b.name+"-"+name+"-key", &keyvault.KeyArgs{
		KeyName:           pulumi.String(name),
		VaultName:         vault.Name,
		ResourceGroupName: b.group,
		Properties: &keyvault.KeyPropertiesArgs{
			Kty:            pulumi.String("RSA"),
			KeySize:        pulumi.Int(3072),
			RotationPolicy: rotation,
		},
	}, b.kept(pulumi.DeletedWith(vault))...)
}

func (b *builder) keyScope(key *keyvault.Key, name string) scope {
	return scope{b.vaultName() + "/" + name, key.ID().ToStringOutput()}
}

func rotation() keyvault.RotationPolicyPtrInput {
	return &keyvault.RotationPolicyArgs{LifetimeActions: keyvault.LifetimeActionArray{
		&keyvault.LifetimeActionArgs{
			Action:  &keyvault.ActionArgs{Type: keyvault.KeyRotationPolicyActionTypeRotate},
			Trigger: &keyvault.TriggerArgs{TimeAfterCreate: pulumi.String(rotationPeriod)},
		},
	}}
}
