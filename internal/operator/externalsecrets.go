package operator

import "github.com/pulumi/pulumi/sdk/v3/go/pulumi"

// externalSecrets returns the chart of External Secrets v0.20.4
// (https://github.com/external-secrets/external-secrets/tree/v0.20.4/deploy/charts/external-secrets). It reads and
// writes Secrets in the services' namespace and no other. Its webhook and the controller for the webhook's certificate
// are left out: they would watch objects that this program checks itself, with rights over the whole cluster.
func externalSecrets(args *ReleaseArgs) chart {
	no := pulumi.Bool(false)
	return chart{
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
	}
}
