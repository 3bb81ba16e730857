package operator

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/internal/namespace"
)

// ECK runs Elasticsearch and Kibana.
const ECK Name = "eck"

// ECKArgs are the inputs of NewECK.
type ECKArgs struct {
	// Namespace is the only namespace that it serves.
	Namespace string
}

// elasticsearchPort is the port of Elasticsearch's API, which the operator asks.
const elasticsearchPort = 9200

// NewECK returns Elastic Cloud on Kubernetes 3.5.0
// (https://www.elastic.co/docs/deploy-manage/deploy/cloud-on-k8s/install-using-helm-chart). It has rights in one
// namespace: without those on the cluster, it installs no webhook, whose checks it repeats when it reads an object, and
// does not look at storage classes. Its metrics say nothing of the health of Elasticsearch, so they are not scraped. It
// is under the Elastic License 2.0, and the tests contain nothing of it.
func NewECK(args ECKArgs) Operator {
	no := pulumi.Bool(false)
	return Operator{
		Name: ECK,
		chart: chart{
			repository: "https://helm.elastic.co", name: "eck-operator", version: "3.5.0",
			values: pulumi.Map{
				"managedNamespaces":            pulumi.ToStringArray([]string{args.Namespace}),
				"createClusterScopedResources": no,
				"webhook":                      pulumi.Map{"enabled": no},
				"config": pulumi.Map{
					"validateStorageClass": no,
					// It would read the nodes of the cluster for these.
					"exposedNodeLabels": pulumi.Array{},
					// The other choice is to look at the cluster for signs of OpenShift.
					"setDefaultSecurityContext": pulumi.String("true"),
				},
				"replicaCount":        pulumi.Int(replicas),
				"podDisruptionBudget": pulumi.Map{"enabled": pulumi.Bool(true), "minAvailable": pulumi.Int(1)},
				"telemetry":           pulumi.Map{"disabled": pulumi.Bool(true)},
				"resources":           resources("100m", "150Mi", "512Mi"),
				"podSecurityContext":  restrictedPod(),
				"securityContext":     restrictedContainer(),
			},
		},
		policies: []namespace.Policy{{
			Name: "allow-elasticsearch", Direction: namespace.Egress, Peers: []namespace.Peer{
				{Namespace: args.Namespace, TCP: []int{elasticsearchPort}},
			},
		}},
	}
}
