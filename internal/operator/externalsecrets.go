package operator

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// ExternalSecrets writes Secrets with the values that a secret manager keeps.
const ExternalSecrets Name = "external-secrets"

// ExternalSecretsArgs are the inputs of NewExternalSecrets.
type ExternalSecretsArgs struct {
	// Namespace is the only namespace that it serves: docs/decisions/secrets-beyond-the-services.md.
	Namespace string
}

// NewExternalSecrets returns External Secrets v0.20.4
// (https://github.com/external-secrets/external-secrets/tree/v0.20.4/deploy/charts/external-secrets). It reads and
// writes Secrets in one namespace. Its webhook and the controller for the webhook's certificate are left out: they
// would watch objects that this program checks itself, with rights over the whole cluster. The policy for the API
// server also covers the clouds' secret managers, which are on 443, on the internet or at a private endpoint.
func NewExternalSecrets(args ExternalSecretsArgs) Operator {
	no := pulumi.Bool(false)
	return Operator{
		Name: ExternalSecrets,
		chart: chart{
			repository: "https://charts.external-secrets.io", name: "external-secrets", version: "0.20.4",
			values: pulumi.Map{
				"image": pulumi.Map{"tag": pulumi.String("v0.20.4")},
				"crds": pulumi.Map{
					// Deleting a kind deletes its objects, and deleting an ExternalSecret deletes its Secret.
					"annotations":                 pulumi.ToStringMap(map[string]string{"helm.sh/resource-policy": "keep"}),
					"createClusterExternalSecret": no,
					"createClusterGenerator":      no,
					"createClusterPushSecret":     no,
					"createClusterSecretStore":    no,
					"createPushSecret":            no,
				},
				"scopedNamespace":              pulumi.String(args.Namespace),
				"scopedRBAC":                   pulumi.Bool(true),
				"processClusterExternalSecret": no,
				"processClusterPushSecret":     no,
				"processClusterStore":          no,
				"processPushSecret":            no,
				"rbac":                         pulumi.Map{"servicebindings": pulumi.Map{"create": no}},
				"replicaCount":                 pulumi.Int(replicas),
				"leaderElect":                  pulumi.Bool(true),
				"podDisruptionBudget":          pulumi.Map{"enabled": pulumi.Bool(true)},
				"resources":                    resources("50m", "128Mi", "256Mi"),
				"webhook":                      pulumi.Map{"create": no},
				"certController":               pulumi.Map{"create": no},
			},
		},
	}
}
