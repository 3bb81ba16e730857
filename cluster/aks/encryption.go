package aks

import (
	"fmt"
	"strings"

	compute "github.com/pulumi/pulumi-azure-native-sdk/compute/v2/v20240302"
	keyvault "github.com/pulumi/pulumi-azure-native-sdk/keyvault/v2/v20241101"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/internal/naming"
)

// vaultRule is the naming rule for a vault. The name is globally unique and begins with a letter
// (https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsoftkeyvault).
var vaultRule = naming.Rule{Length: 24, HashLength: 8}

// keptDays is the retention of a deleted vault or key, the longest that Azure offers. Nobody can shorten it.
const keptDays = 90

// rotationPeriod is 90 days, as an ISO 8601 duration.
const rotationPeriod = "P90D"

// encryption holds the environment's vault, a key in it, and a disk encryption set that uses another key in it.
type encryption struct {
	vault *keyvault.Vault
	// secrets is the key of Kubernetes secrets, disks the encryption set of the disks.
	secrets *keyvault.Key
	disks   *compute.DiskEncryptionSet
	// grants must exist before the encrypted resources.
	grants []pulumi.Resource
}

// vaultName removes hyphens, because a vault's name must not have two in a row.
func (b *builder) vaultName() string {
	return vaultRule.WithHash("kv"+strings.ReplaceAll(b.spec.Name, "-", ""), b.place())
}

// newEncryption creates the vault, and one key for each use. A deleted vault keeps its name during its retention: an
// environment that returns under its old name within that time has to recover and import the vault
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

// newVault creates a vault that is reachable from the internet and protected by Entra alone: the control plane runs on
// Azure's own machines, and reaches a vault neither through a firewall nor, without preview features, in a private
// network (https://learn.microsoft.com/azure/aks/use-kms-etcd-encryption#limitations).
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

// newSecretsKey creates a key that the vault does not rotate: AKS refers to a version of the key, and a new version
// requires rewriting every secret
// (https://learn.microsoft.com/azure/aks/use-kms-etcd-encryption#rotate-the-existing-keys).
func (b *builder) newSecretsKey(vault *keyvault.Vault, ids *identities) (*keyvault.Key, pulumi.Resource, error) {
	key, err := b.newKey(vault, "secrets", nil)
	if err != nil {
		return nil, nil, err
	}
	grant, err := b.newGrant(b.name+"-secrets-key-grant", ids.plane.principal(), keyUser, b.keyScope(key, "secrets"))
	return key, grant, err
}

// newDisks creates a disk encryption set whose key the vault rotates, and lets the control plane use it. For that the
// disk driver needs read access to the set (https://github.com/kubernetes-sigs/azuredisk-csi-driver/issues/2609).
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

// newKey creates a key that is deleted with its vault: deleting it alone takes permissions on the content of all keys.
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
