package aks

import (
	"fmt"

	aks "github.com/pulumi/pulumi-azure-native-sdk/containerservice/v2/v20240901"
	keyvault "github.com/pulumi/pulumi-azure-native-sdk/keyvault/v2/v20241101"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/cluster"
)

// newSecretReader lets one Kubernetes service account read the given secrets of the environment's vault. There is one
// grant per secret (https://learn.microsoft.com/azure/key-vault/general/rbac-guide); the secret need not exist yet.
func (b *builder) newSecretReader(
	plane *aks.ManagedCluster, ids *identities, vault *keyvault.Vault,
) cluster.SecretReaderBuilder {
	newIdentity := b.newIdentity(plane)
	return func(
		ctx *pulumi.Context, name string, args *cluster.SecretReaderArgs, opts ...pulumi.ResourceOption,
	) (*cluster.SecretReader, error) {
		identity, err := newIdentity(ctx, name, &cluster.IdentityArgs{
			Namespace: args.Namespace, ServiceAccount: args.ServiceAccount,
		}, opts...)
		if err != nil {
			return nil, err
		}
		ready := identity.Ready
		reads := principal{args.Namespace + "/" + args.ServiceAccount, "ServicePrincipal", identity.Principal}
		for _, secret := range args.Names {
			grant, err := b.newGrant(name+"-"+secret, reads, secretsUser, scope{
				b.vaultName() + "/secrets/" + secret, pulumi.Sprintf("%s/secrets/%s", vault.ID(), secret),
			}, opts...)
			if err != nil {
				return nil, fmt.Errorf("granting access to secret %s: %w", secret, err)
			}
			ready = append(ready, grant)
		}
		return &cluster.SecretReader{
			Annotations: identity.Annotations,
			// https://external-secrets.io/latest/provider/azure-key-vault
			StoreProvider: pulumi.Map{"azurekv": pulumi.Map{
				"authType":          pulumi.String("WorkloadIdentity"),
				"vaultUrl":          vault.Properties.VaultUri(),
				"tenantId":          ids.plane.TenantId,
				"serviceAccountRef": pulumi.Map{"name": pulumi.String(args.ServiceAccount)},
			}},
			Ready: ready,
		}, nil
	}
}
