package gke

import (
	"fmt"

	"github.com/pulumi/pulumi-gcp/sdk/v7/go/gcp/container"
	"github.com/pulumi/pulumi-gcp/sdk/v7/go/gcp/projects"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/cluster"
)

// accessor grants reading the values of secrets (https://cloud.google.com/secret-manager/docs/access-control).
const accessor = "roles/secretmanager.secretAccessor"

// newSecretReader lets one Kubernetes service account read the secrets with a prefix in the project's Secret Manager.
// The grant is on the project, with a condition, because a grant on a secret requires that the secret exists.
func (b *builder) newSecretReader(plane *container.Cluster, number pulumi.StringOutput) cluster.SecretReaderBuilder {
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
		grant, err := projects.NewIAMMember(ctx, name+"-grant", &projects.IAMMemberArgs{
			Project:   pulumi.String(b.spec.Account),
			Role:      pulumi.String(accessor),
			Member:    identity.Principal,
			Condition: onlySecrets(number, args.Prefix),
		}, b.child(opts...)...)
		if err != nil {
			return nil, fmt.Errorf("granting access to secrets %s…: %w", args.Prefix, err)
		}
		return &cluster.SecretReader{
			Annotations:   identity.Annotations,
			StoreProvider: pulumi.Map{"gcpsm": b.secretManager(args.ServiceAccount)},
			Ready:         append(identity.Ready, grant),
		}, nil
	}
}

// onlySecrets limits a grant to the secrets with a prefix, in any version
// (https://cloud.google.com/iam/docs/conditions-resource-attributes).
func onlySecrets(number pulumi.StringOutput, prefix string) *projects.IAMMemberConditionArgs {
	return &projects.IAMMemberConditionArgs{
		Title:      pulumi.String("secrets " + prefix),
		Expression: pulumi.Sprintf(`resource.name.startsWith("projects/%s/secrets/%s")`, number, prefix),
	}
}

// secretManager returns the provider configuration of External Secrets
// (https://external-secrets.io/latest/provider/google-secrets-manager). The location is the cluster's region: with a
// zone instead, no identity is found.
func (b *builder) secretManager(account string) pulumi.Map {
	return pulumi.Map{
		"projectID": pulumi.String(b.spec.Account),
		"auth": pulumi.Map{"workloadIdentity": pulumi.Map{
			"clusterProjectID":  pulumi.String(b.spec.Account),
			"clusterLocation":   pulumi.String(b.spec.Region),
			"clusterName":       pulumi.String(b.spec.Identity()),
			"serviceAccountRef": pulumi.Map{"name": pulumi.String(account)},
		}},
	}
}
