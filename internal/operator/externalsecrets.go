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
	// Release is the name of a further release, for a further namespace. The first one brings the CRDs.
	Release string
}

// externalMetrics is the port of its metrics
// (https://github.com/external-secrets/external-secrets/blob/v0.20.4/deploy/charts/external-secrets/values.yaml).
const externalMetrics = 8080

// NewExternalSecrets returns External Secrets v0.20.4
// (https://github.com/external-secrets/external-secrets/tree/v0.20.4/deploy/charts/external-secrets). It reads and
// writes Secrets in one namespace. Its webhook and the controller for the webhook's certificate are left out: they
// would watch objects that this program checks itself, with rights over the whole cluster. The policy for the API
// server also covers the clouds' secret managers, which are on 443, on the internet or at a private endpoint.
func NewExternalSecrets(args ExternalSecretsArgs) Operator {
	return Operator{
		Name:        ExternalSecrets,
		Release:     args.Release,
		MetricsPort: externalMetrics,
		chart: chart{
			repository: "https://charts.external-secrets.io", name: "external-secrets", version: "0.20.4",
			values: args.values(),
		},
	}
}

func (args ExternalSecretsArgs) values() pulumi.Map {
	no := pulumi.Bool(false)
	values := pulumi.Map{
		"image":                        pulumi.Map{"tag": pulumi.String("v0.20.4")},
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
	}
	if args.Release != "" {
		values["installCRDs"] = no
		return values
	}
	values["crds"] = pulumi.Map{
		// Deleting a kind deletes its objects, and deleting an ExternalSecret deletes its Secret.
		"annotations":                 pulumi.ToStringMap(map[string]string{"helm.sh/resource-policy": "keep"}),
		"createClusterExternalSecret": no,
		"createClusterGenerator":      no,
		"createClusterPushSecret":     no,
		"createClusterSecretStore":    no,
		"createPushSecret":            no,
	}
	return values
}
