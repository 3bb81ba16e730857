package operator

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/internal/namespace"
)

// ArgoRollouts releases services blue-green or as a canary.
const ArgoRollouts Name = "argo-rollouts"

// ArgoRolloutsArgs are the inputs of NewArgoRollouts.
type ArgoRolloutsArgs struct {
	// Prometheus is the endpoint that judges a canary.
	Prometheus namespace.Peer
}

// rolloutsMetrics is the port of its metrics
// (https://github.com/argoproj/argo-rollouts/blob/v1.10.1/controller/controller.go).
const rolloutsMetrics = 8090

// NewArgoRollouts returns Argo Rollouts v1.10.1
// (https://github.com/argoproj/argo-helm/tree/argo-rollouts-2.43.5/charts/argo-rollouts). The chart is of v1.10.0, with
// the same kinds and the same roles. Its controller has two replicas with leader election, and serves every namespace.
func NewArgoRollouts(args ArgoRolloutsArgs) Operator {
	return Operator{
		Name:        ArgoRollouts,
		MetricsPort: rolloutsMetrics,
		Queries:     true,
		chart: chart{
			repository: "https://argoproj.github.io/argo-helm", name: "argo-rollouts", version: "2.43.5",
			values: pulumi.Map{
				"dashboard":                pulumi.Map{"enabled": pulumi.Bool(false)},
				"podSecurityContext":       restrictedPod(),
				"containerSecurityContext": restrictedContainer(),
				"controller": pulumi.Map{
					"image":     pulumi.Map{"tag": pulumi.String("v1.10.1")},
					"replicas":  pulumi.Int(replicas),
					"resources": resources("100m", "128Mi", "256Mi"),
					"pdb":       pulumi.Map{"enabled": pulumi.Bool(true), "minAvailable": pulumi.Int(1)},
				},
			},
		},
		policies: []namespace.Policy{
			{Name: "allow-prometheus", Direction: namespace.Egress, Peers: []namespace.Peer{args.Prometheus}},
		},
	}
}
