package operator

import "github.com/pulumi/pulumi/sdk/v3/go/pulumi"

// sealedSecrets returns the chart of Sealed Secrets v0.40.0
// (https://github.com/bitnami/sealed-secrets/tree/v0.40.0/helm/sealed-secrets), whose source contains the chart of the
// previous release. The controller reads and writes Secrets in the services' namespace and its own, has one replica,
// and creates a new key every 30 days.
func sealedSecrets(args *ReleaseArgs) chart {
	return chart{
		repository: "https://bitnami.github.io/sealed-secrets", name: "sealed-secrets", version: "2.19.3",
		values: pulumi.Map{
			"image":                pulumi.Map{"tag": pulumi.String("0.40.0")},
			"additionalNamespaces": pulumi.ToStringArray([]string{string(SealedSecrets), args.Namespace}),
			"rbac": pulumi.Map{
				"clusterRole": pulumi.Bool(false), "namespacedRoles": pulumi.Bool(true),
				// Fetch the certificate through a port-forward; that needs RBAC, not a proxy role.
				"serviceProxier": pulumi.Map{"create": pulumi.Bool(false)},
			},
			"resources": resources("50m", "64Mi", "128Mi"),
		},
	}
}
