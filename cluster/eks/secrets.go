package eks

import (
	"fmt"
	"strings"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/iam"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/kms"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/cluster"
)

// newSecretReader lets one Kubernetes service account read the given secrets of Secrets Manager. No pod runs as it:
// External Secrets asks the cluster for its token and exchanges it for the role
// (https://external-secrets.io/latest/provider/aws-access). Pod identity gives roles to pods alone.
func (b *builder) newSecretReader(issuer *iam.OpenIdConnectProvider, key *kms.Key) cluster.SecretReaderBuilder {
	return func(
		ctx *pulumi.Context, name string, args *cluster.SecretReaderArgs, opts ...pulumi.ResourceOption,
	) (*cluster.SecretReader, error) {
		opts = b.child(opts...)
		role, err := iam.NewRole(ctx, name+"-role", &iam.RoleArgs{
			Name: pulumi.String(roleName.WithHash(b.spec.Name+"-"+args.ServiceAccount, map[string]string{
				"cluster": b.spec.Identity(), "namespace": args.Namespace,
			})),
			AssumeRolePolicy: tokenTrust(issuer, args.Namespace, args.ServiceAccount),
		}, opts...)
		if err != nil {
			return nil, fmt.Errorf("creating the role: %w", err)
		}
		grant, err := iam.NewRolePolicy(ctx, name+"-policy", &iam.RolePolicyArgs{
			Name: pulumi.String("secrets"), Role: role.Name, Policy: b.secretsPolicy(args.Names, key),
		}, opts...)
		if err != nil {
			return nil, fmt.Errorf("granting access to secrets %s…: %w", args.Prefix, err)
		}
		return &cluster.SecretReader{
			Annotations: pulumi.StringMap{"eks.amazonaws.com/role-arn": role.Arn},
			StoreProvider: pulumi.Map{"aws": pulumi.Map{
				"service": pulumi.String("SecretsManager"),
				"region":  pulumi.String(b.spec.Region),
				"auth": pulumi.Map{"jwt": pulumi.Map{
					"serviceAccountRef": pulumi.Map{"name": pulumi.String(args.ServiceAccount)},
				}},
			}},
			Ready: []pulumi.Resource{role, grant},
		}, nil
	}
}

// tokenTrust lets the holder of a service account's token assume a role
// (https://docs.aws.amazon.com/eks/latest/userguide/associate-service-account-role.html).
func tokenTrust(issuer *iam.OpenIdConnectProvider, namespace, account string) pulumi.StringOutput {
	return pulumi.All(issuer.Arn, issuer.Url).ApplyT(func(trusted []any) string {
		host := strings.TrimPrefix(trusted[1].(string), "https://")
		return string(policyOf(statement{
			Principal: map[string]string{"Federated": trusted[0].(string)},
			Action:    []string{"sts:AssumeRoleWithWebIdentity"},
			Condition: map[string]map[string]string{"StringEquals": {
				host + ":aud": tokenAudience,
				host + ":sub": fmt.Sprintf("system:serviceaccount:%s:%s", namespace, account),
			}},
		}))
	}).(pulumi.StringOutput)
}

// secretsPolicy allows reading the given secrets only, and using the key that they may be encrypted with. Secrets
// Manager appends a hyphen and six characters to their names
// (https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access_iam-policies.html).
func (b *builder) secretsPolicy(names []string, key *kms.Key) pulumi.StringOutput {
	var secrets []string
	for _, name := range names {
		secrets = append(secrets, fmt.Sprintf("arn:aws:secretsmanager:%s:%s:secret:%s-??????",
			b.spec.Region, b.spec.Account, name))
	}
	return key.Arn.ApplyT(func(arn string) string {
		return string(policyOf(
			statement{
				Action:   []string{"secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"},
				Resource: secrets,
			},
			statement{
				Action: []string{"kms:Decrypt"}, Resource: []string{arn},
				Condition: map[string]map[string]string{"StringEquals": {
					"kms:ViaService": fmt.Sprintf("secretsmanager.%s.amazonaws.com", b.spec.Region),
				}},
			},
		))
	}).(pulumi.StringOutput)
}
