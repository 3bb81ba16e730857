package operator

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/internal/namespace"
)

// CloudNativePG runs PostgreSQL.
const CloudNativePG Name = "cloudnative-pg"

// CloudNativePGArgs are the inputs of NewCloudNativePG.
type CloudNativePGArgs struct {
	// Namespace is the only namespace whose clusters it runs.
	Namespace string
}

// The ports of its pods
// (https://github.com/cloudnative-pg/cloudnative-pg/blob/v1.30.0/config/manager/manager.yaml), and the port at which
// each instance of PostgreSQL tells it its state
// (https://cloudnative-pg.io/documentation/1.30/security/#exposed-ports).
const (
	cloudNativePGMetrics  = 8080
	cloudNativePGWebhooks = 9443
	// InstanceStatusPort has to be open to it on the pods of a cluster, which have the label InstanceLabel.
	InstanceStatusPort = 8000
)

// InstanceLabel is the label of the pods that run an instance of PostgreSQL, and Instance is its value
// (https://cloudnative-pg.io/documentation/1.30/labels_annotations).
const (
	InstanceLabel = "cnpg.io/podRole"
	Instance      = "instance"
)

// NewCloudNativePG returns CloudNativePG 1.30.0
// (https://github.com/cloudnative-pg/charts/tree/cloudnative-pg-v0.29.0/charts/cloudnative-pg). It runs the clusters of
// one namespace, with the rights that its chart grants in every namespace: the only other choice of the chart is the
// operator's own. One replica leads, both check what is created and changed. The chart has no disruption budget
// (https://github.com/cloudnative-pg/charts/issues/1003): should a drain move both replicas at once, PostgreSQL goes
// on, and nothing fails over meanwhile. An update of the operator replaces the program that watches PostgreSQL inside
// its pods, in place of restarting them (https://cloudnative-pg.io/documentation/1.30/installation_upgrade). Its kinds
// outlive the release.
func NewCloudNativePG(args CloudNativePGArgs) Operator {
	return Operator{
		Name:        CloudNativePG,
		MetricsPort: cloudNativePGMetrics,
		chart: chart{
			repository: "https://cloudnative-pg.github.io/charts", name: "cloudnative-pg", version: "0.29.0",
			values: pulumi.Map{
				"image": pulumi.Map{"tag": pulumi.String("1.30.0")},
				"config": pulumi.Map{"data": pulumi.ToStringMap(map[string]string{
					"WATCH_NAMESPACE":                         args.Namespace,
					"ENABLE_INSTANCE_MANAGER_INPLACE_UPDATES": "true",
				})},
				"replicaCount":             pulumi.Int(replicas),
				"resources":                resources("100m", "128Mi", "256Mi"),
				"podSecurityContext":       restrictedPod(),
				"containerSecurityContext": restrictedContainer(),
			},
		},
		policies: []namespace.Policy{
			// The API server asks before it creates or changes a cluster or a database, on EKS from an address of its own, on
			// GKE and AKS through a pod in kube-system.
			{Name: "allow-webhooks", Direction: namespace.Ingress, Peers: []namespace.Peer{
				{Anywhere: true, TCP: []int{cloudNativePGWebhooks}},
			}},
			{Name: "allow-instances", Direction: namespace.Egress, Peers: []namespace.Peer{{
				Namespace: args.Namespace,
				Pods:      namespace.Pods{Labels: map[string]string{InstanceLabel: Instance}},
				TCP:       []int{InstanceStatusPort},
			}}},
		},
	}
}
