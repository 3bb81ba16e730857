package eks_test

import (
	"path"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/cluster"
	"github.com/dreamseed/platform/cluster/eks"
	"github.com/dreamseed/platform/internal/mocktest"
	"github.com/dreamseed/platform/internal/mocktest/readertest"
	"github.com/dreamseed/platform/internal/sandbox/standin/aws"
)

const (
	rolePolicyType = "aws:iam/rolePolicy:RolePolicy"
	issuerType     = "aws:iam/openIdConnectProvider:OpenIdConnectProvider"
)

func readers(t *testing.T) *readertest.Readers {
	t.Helper()
	return readertest.Build(t, eks.New, production(), aws.Cloud())
}

// arn returns the ARN of a service's reader role.
func arn(t *testing.T, built *readertest.Readers, service string) string {
	t.Helper()
	return "arn:aws:iam::123456789012:role/" + built.Get(t, roleType, service+"-role").At("name").(string)
}

// External Secrets asks the cluster for a token for sts.amazonaws.com, unless the service account names another one.
func TestAReaderIsWhoHasATokenOfOneServiceAccountOfThisCluster(t *testing.T) {
	built := readers(t)
	issuer := built.Get(t, issuerType, "cluster-issuer")
	assert.Len(t, built.OfType(issuerType), 1)
	issuer.AssertDependsOn(t, mocktest.Ref(clusterType, "cluster-cluster"))
	assert.Equal(t, []any{"sts.amazonaws.com"}, issuer.At("clientIdLists"))
	host := strings.TrimPrefix(issuer.At("url").(string), "https://")
	assert.Equal(t, "oidc.eks.eu-central-1.amazonaws.com/id/"+production().Identity(), host)
	for _, service := range []string{"auth", "user"} {
		assert.Equal(t, []map[string]any{{
			"Effect":    "Allow",
			"Principal": map[string]any{"Federated": "arn:aws:iam::123456789012:oidc-provider/" + host},
			"Action":    []any{"sts:AssumeRoleWithWebIdentity"},
			"Condition": map[string]any{"StringEquals": map[string]any{
				host + ":aud": "sts.amazonaws.com",
				host + ":sub": "system:serviceaccount:dreamseed:" + service + "-secrets",
			}},
		}}, statements(t, built.Get(t, roleType, service+"-role").At("assumeRolePolicy")))
	}
}

func TestAReaderMayReadTheNamedSecretsAndNothingElse(t *testing.T) {
	built := readers(t)
	secret := "arn:aws:secretsmanager:eu-central-1:123456789012:secret:dreamseed-test-"
	for service, secrets := range map[string][]any{
		"auth": {secret + "auth-api-key-??????", secret + "auth-database-url-??????"},
		"user": {secret + "user-database-url-??????"},
	} {
		policy := built.Get(t, rolePolicyType, service+"-policy")
		assert.Equal(t, built.Get(t, roleType, service+"-role").At("name"), policy.At("role"))
		allowed := statements(t, policy.At("policy"))
		require.Len(t, allowed, 2)
		assert.Equal(t, map[string]any{
			"Effect": "Allow", "Resource": secrets,
			"Action": []any{"secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"},
		}, allowed[0])
	}
	for _, service := range []string{"auth", "user"} {
		role := built.Get(t, roleType, service+"-role").At("name")
		assert.Len(t, policiesOf(t, built.Recording, role), 1, "and no other policy says what it may do")
	}
}

// policiesOf returns the policies of a role: its inline policies, and AWS's own.
func policiesOf(t *testing.T, built *mocktest.Recording, role any) []*mocktest.Resource {
	t.Helper()
	var found []*mocktest.Resource
	for _, token := range []string{rolePolicyType, "aws:iam/rolePolicyAttachment:RolePolicyAttachment"} {
		for _, one := range built.Each(t, token) {
			if one.At("role") == role {
				found = append(found, one)
			}
		}
	}
	return found
}

// Secrets Manager appends a hyphen and six characters to a secret's name, which change when the secret is recreated.
func TestThePolicyMeansTheSecretThatIsNamedWheneverItIsMade(t *testing.T) {
	built := readers(t)
	allowed := statements(t, built.Get(t, rolePolicyType, "user-policy").At("policy"))[0]["Resource"].([]any)
	require.Len(t, allowed, 1)
	for reason, c := range map[string]struct {
		name string
		want bool
	}{
		"as it was made":          {"dreamseed-test-user-database-url-AbCdEf", true},
		"as it was made again":    {"dreamseed-test-user-database-url-12xyZ9", true},
		"one that begins as it":   {"dreamseed-test-user-database-url-old-AbCdEf", false},
		"one with another ending": {"dreamseed-test-user-database-urls-AbCdEf", false},
		"another service's":       {"dreamseed-test-auth-database-url-AbCdEf", false},
		"another environment's":   {"dreamseed-prod-user-database-url-AbCdEf", false},
	} {
		matches, err := path.Match(allowed[0].(string), "arn:aws:secretsmanager:eu-central-1:123456789012:secret:"+c.name)
		require.NoError(t, err)
		assert.Equal(t, c.want, matches, reason)
	}
}

// A secret may be encrypted with the environment's own key, which also encrypts the disks.
func TestAReaderMayDecryptWithOneKeyAndOnlyWhatIsASecret(t *testing.T) {
	built := readers(t)
	key := built.Get(t, "aws:kms/alias:Alias", "cluster-data-key-alias").At("targetKeyId").(string)
	for _, service := range []string{"auth", "user"} {
		allowed := statements(t, built.Get(t, rolePolicyType, service+"-policy").At("policy"))
		assert.Equal(t, map[string]any{
			"Effect": "Allow", "Action": []any{"kms:Decrypt"},
			"Resource": []any{"arn:aws:kms:eu-central-1:123456789012:key/" + key},
			"Condition": map[string]any{"StringEquals": map[string]any{
				"kms:ViaService": "secretsmanager.eu-central-1.amazonaws.com",
			}},
		}, allowed[1])
	}
}

func TestAReaderIsNoPod(t *testing.T) {
	built := readers(t)
	for _, association := range built.Each(t, "aws:eks/podIdentityAssociation:PodIdentityAssociation") {
		assert.NotEqual(t, readertest.Namespace, association.At("namespace"), association.Name)
	}
}

// External Secrets reads the role from the service account, and refuses one without the annotation.
func TestAReaderFindsItsRoleAndTheSecretManager(t *testing.T) {
	built := readers(t)
	for service, reader := range map[string]*readertest.Reader{"auth": built.Auth, "user": built.User} {
		assert.Equal(t, map[string]any{"eks.amazonaws.com/role-arn": arn(t, built, service)}, reader.Annotations)
		assert.Equal(t, map[string]any{"aws": map[string]any{
			"service": "SecretsManager",
			"region":  "eu-central-1",
			"auth": map[string]any{"jwt": map[string]any{
				"serviceAccountRef": map[string]any{"name": service + "-secrets"},
			}},
		}}, reader.Store)
		assert.Empty(t, reader.Property, "a secret is nothing but its value")
	}
}

func TestTheFirstReadWaitsUntilTheReaderMay(t *testing.T) {
	built := readers(t)
	for service, reader := range map[string]*readertest.Reader{"auth": built.Auth, "user": built.User} {
		assert.Equal(t, []string{
			mocktest.Ref(roleType, service+"-role"), mocktest.Ref(rolePolicyType, service+"-policy"),
		}, reader.First)
		built.Get(t, roleType, service+"-role").AssertDependsOn(t, mocktest.Ref(issuerType, "cluster-issuer"))
	}
}

func TestAReaderIsARoleWithAPolicy(t *testing.T) {
	assert.Equal(t, []string{"auth-role", "auth-policy"}, mocktest.Names(readers(t).Registered(t, "auth")))
}

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
func TestRolesOfReadersHaveNamesThatAWSTakesAndThatStayApart(t *testing.T) {
	spec := production()
	spec.Name = strings.Repeat("n", 33)
	long := strings.Repeat("s", 60)
	built := mocktest.Run(t, func(ctx *pulumi.Context) error {
		target, err := eks.New(ctx, "cluster", spec)
		if err != nil {
			return err
		}
		for name, args := range map[string]*cluster.SecretReaderArgs{
			"reader-one":     {Namespace: "a", ServiceAccount: long, Names: []string{"one"}},
			"reader-another": {Namespace: "a", ServiceAccount: long + "s", Names: []string{"one"}},
			"reader-beside":  {Namespace: "b", ServiceAccount: long, Names: []string{"one"}},
		} {
			if _, err := target.NewSecretReader(ctx, name, args); err != nil {
				return err
			}
		}
		return nil
	}, aws.Cloud())
	names := map[any]bool{}
	for _, role := range built.Each(t, roleType) {
		if strings.HasPrefix(role.Name, "reader-") {
			assert.Regexp(t, `^[\w+=,.@-]{1,64}$`, role.At("name"))
			assert.True(t, strings.HasPrefix(role.At("name").(string), spec.Name),
				"the identity that runs Pulumi may change such roles")
			names[role.At("name")] = true
		}
	}
	assert.Len(t, names, 3)
}
