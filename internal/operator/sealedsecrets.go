package operator

import "github.com/pulumi/pulumi/sdk/v3/go/pulumi"

// SealedSecrets writes Secrets with the values that it alone can decrypt.
const SealedSecrets Name = "sealed-secrets"

// SealedSecretsArgs are the inputs of NewSealedSecrets.
type SealedSecretsArgs struct {
	// Namespaces are the namespaces that it serves, beside its own.
	Namespaces []string
}

// sealedMetrics is the port of its metrics
// (https://github.com/bitnami/sealed-secrets/blob/v0.40.0/helm/sealed-secrets/values.yaml).
const sealedMetrics = 8081

// NewSealedSecrets returns Sealed Secrets v0.40.0
// (https://github.com/bitnami/sealed-secrets/tree/v0.40.0/helm/sealed-secrets), whose source contains the chart of the
// previous release. The controller reads and writes Secrets in the namespaces that it serves, has one replica, and
// creates a new key every 30 days.
func NewSealedSecrets(args SealedSecretsArgs) Operator {
	return Operator{
		Name:        SealedSecrets,
		MetricsPort: sealedMetrics,
		chart: chart{
			repository: "https://bitnami.github.io/sealed-secrets", name: "sealed-secrets", version: "2.19.3",
			values: pulumi.Map{
				"image":                pulumi.Map{"tag": pulumi.String("0.40.0")},
				"additionalNamespaces": pulumi.ToStringArray(append([]string{string(SealedSecrets)}, args.Namespaces...)),
				"rbac": pulumi.Map{
					"clusterRole": pulumi.Bool(false), "namespacedRoles": pulumi.Bool(true),
					// Fetch the certificate through a port-forward; that needs RBAC, not a proxy role.
					"serviceProxier": pulumi.Map{"create": pulumi.Bool(false)},
				},
				"resources": resources("50m", "64Mi", "128Mi"),
			},
		},
	}
}
