package aks_test

import (
	"path"
	"testing"

	"github.com/google/uuid"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/cluster"
	"github.com/dreamseed/platform/cluster/aks"
	"github.com/dreamseed/platform/internal/mocktest"
	"github.com/dreamseed/platform/internal/mocktest/readertest"
	"github.com/dreamseed/platform/internal/sandbox/standin/azurenative"
)

const federationType = "azure-native:managedidentity/v20230131:FederatedIdentityCredential"

func readers(t *testing.T, spec *cluster.Spec) *readertest.Readers {
	t.Helper()
	require.NoError(t, spec.Validate())
	return readertest.Build(t, aks.New, spec, azurenative.Cloud())
}

// vaultOf returns the name of the environment's vault.
func vaultOf(t *testing.T, built *readertest.Readers) string {
	t.Helper()
	return built.Get(t, vaultType, "cluster-vault").At("vaultName").(string)
}

// principalOf returns the Entra ID of the identity that reads for a service.
func principalOf(t *testing.T, built *readertest.Readers, service string) string {
	t.Helper()
	return built.Get(t, grantType, service+"-"+readertest.Args(production(), service).Names[0]).At("principalId").(string)
}

func TestAReaderMayReadTheNamedSecretsAndNothingElse(t *testing.T) {
	built := readers(t, production())
	vault := path.Base(groupID(t, built.Recording)) + "/providers/Microsoft.KeyVault/vaults/" + vaultOf(t, built)
	const keyVaultSecretsUser = "4633458b-17de-408a-b874-0445c86b69e6"
	auth, user := principalOf(t, built, "auth"), principalOf(t, built, "user")
	assert.NotEqual(t, auth, user)
	var theirs []granted
	for _, one := range grants(t, built.Recording) {
		if one.who == auth || one.who == user {
			theirs = append(theirs, one)
		}
	}
	assert.ElementsMatch(t, []granted{
		{auth, keyVaultSecretsUser, vault + "/secrets/dreamseed-test-auth-api-key"},
		{auth, keyVaultSecretsUser, vault + "/secrets/dreamseed-test-auth-database-url"},
		{user, keyVaultSecretsUser, vault + "/secrets/dreamseed-test-user-database-url"},
	}, theirs, "the vault itself holds the secrets of all services")
	without, _ := build(t, production())
	assert.Len(t, built.OfType(grantType), len(without.OfType(grantType))+3, "nobody else may more than before")
}

// Azure would look a principal of another type up in Entra, which may not know a new identity yet.
func TestAGrantIsToTheIdentityOfItsReader(t *testing.T) {
	built := readers(t, production())
	for _, service := range []string{"auth", "user"} {
		for _, secret := range readertest.Args(production(), service).Names {
			grant := built.Get(t, grantType, service+"-"+secret)
			assert.Equal(t, "ServicePrincipal", grant.At("principalType"))
			grant.AssertDependsOn(t, mocktest.Ref(identityType, service+"-identity"), mocktest.Ref(vaultType, "cluster-vault"))
		}
	}
}

// Azure accepts neither a duplicate of a role assignment nor a change of one.
func TestAGrantOfASecretHasAnotherNameExactlyWhenItIsAnotherGrant(t *testing.T) {
	names := func(spec *cluster.Spec) map[string]any {
		built := readers(t, spec)
		found := map[string]any{}
		for _, service := range []string{"auth", "user"} {
			for _, one := range built.Registered(t, service) {
				if one.Type == grantType {
					found[one.Name] = one.At("roleAssignmentName")
					require.NoError(t, uuid.Validate(found[one.Name].(string)))
				}
			}
		}
		return found
	}
	before := names(production())
	distinct := map[any]bool{}
	for _, name := range before {
		distinct[name] = true
	}
	assert.Len(t, distinct, 3)
	beside := production()
	beside.Network.Services = "10.2.0.0/20"
	assert.Equal(t, before, names(beside), "another cluster of the environment has the same readers and the same vault")

	elsewhere := production()
	elsewhere.Region, elsewhere.Zones = "northeurope", []string{"northeurope-1", "northeurope-2", "northeurope-3"}
	for name, after := range names(elsewhere) {
		assert.NotEqual(t, before[name], after, "%s is of another vault", name)
	}
}

func TestNoTwoReadersOfOneSecretShareAGrant(t *testing.T) {
	built := mocktest.Run(t, func(ctx *pulumi.Context) error {
		target, err := aks.New(ctx, "cluster", production())
		if err != nil {
			return err
		}
		for name, args := range map[string]*cluster.SecretReaderArgs{
			"reader-one":     {Namespace: "a", ServiceAccount: "one", Names: []string{"secret"}},
			"reader-another": {Namespace: "a", ServiceAccount: "another", Names: []string{"secret"}},
			"reader-beside":  {Namespace: "b", ServiceAccount: "one", Names: []string{"secret"}},
		} {
			if _, err := target.NewSecretReader(ctx, name, args); err != nil {
				return err
			}
		}
		return nil
	}, azurenative.Cloud())
	names := map[any]bool{}
	for _, name := range []string{"one", "another", "beside"} {
		names[built.Get(t, grantType, "reader-"+name+"-secret").At("roleAssignmentName")] = true
	}
	assert.Len(t, names, 3)
}

// External Secrets asks the cluster for a token for api://AzureADTokenExchange.
func TestAReaderIsWhoHasATokenOfOneServiceAccountOfThisCluster(t *testing.T) {
	built := readers(t, production())
	for _, service := range []string{"auth", "user"} {
		federation := built.Get(t, federationType, service+"-federation")
		assert.Equal(t, "system:serviceaccount:dreamseed:"+service+"-secrets", federation.At("subject"))
		assert.Equal(t, []any{"api://AzureADTokenExchange"}, federation.At("audiences"))
		assert.Regexp(t, `^https://westeurope\.oic\.prod-aks\.azure\.com/`, federation.At("issuer"))
		federation.AssertDependsOn(t, mocktest.Ref(clusterType, "cluster-cluster"))
		assert.Equal(t, built.Get(t, identityType, service+"-identity").At("resourceName"), federation.At("resourceName"))
	}
}

// External Secrets reads the client from the service account and the tenant from the store. It refuses a value that
// both of them give.
func TestAReaderFindsItsIdentityAndTheVault(t *testing.T) {
	built := readers(t, production())
	vault := built.Get(t, vaultType, "cluster-vault")
	for service, reader := range map[string]*readertest.Reader{"auth": built.Auth, "user": built.User} {
		assert.Equal(t, map[string]any{"azurekv": map[string]any{
			"authType":          "WorkloadIdentity",
			"vaultUrl":          "https://" + vaultOf(t, built) + ".vault.azure.net/",
			"tenantId":          vault.At("properties", "tenantId"),
			"serviceAccountRef": map[string]any{"name": service + "-secrets"},
		}}, reader.Store)
		annotations := reader.Annotations.(map[string]any)
		assert.Len(t, annotations, 1)
		require.NoError(t, uuid.Validate(annotations["azure.workload.identity/client-id"].(string)))
		assert.NotEqual(t, principalOf(t, built, service), annotations["azure.workload.identity/client-id"],
			"an identity signs in by another ID than that which is granted something")
		assert.Empty(t, reader.Property, "a secret is nothing but its value")
	}
	assert.NotEqual(t, built.Auth.Annotations, built.User.Annotations)
	require.NoError(t, uuid.Validate(vault.At("properties", "tenantId").(string)))
}

func TestTheFirstReadWaitsUntilTheReaderMay(t *testing.T) {
	built := readers(t, production())
	assert.Equal(t, []string{
		mocktest.Ref(grantType, "auth-dreamseed-test-auth-api-key"),
		mocktest.Ref(grantType, "auth-dreamseed-test-auth-database-url"),
		mocktest.Ref(federationType, "auth-federation"),
	}, built.Auth.First)
	assert.Equal(t, []string{
		mocktest.Ref(grantType, "user-dreamseed-test-user-database-url"),
		mocktest.Ref(federationType, "user-federation"),
	}, built.User.First)
}
