package operator

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/internal/namespace"
)

// KEDA scales services by their requests.
const KEDA Name = "keda"

// KEDAArgs are the inputs of NewKEDA.
type KEDAArgs struct {
	// Namespace is the only namespace whose workloads it scales.
	Namespace string
	// Prometheus is the endpoint that counts requests.
	Prometheus namespace.Peer
}

// The ports of its pods
// (https://github.com/kedacore/charts/blob/main/keda/templates/manager/deployment.yaml and, beside it,
// metrics-server/deployment.yaml): the metrics of both programs, the operator's answers to the metrics server, and the
// metrics server's to the API server.
const (
	kedaMetrics  = 8080
	kedaAnswers  = 9666
	kedaExternal = 6443
)

// NewKEDA returns KEDA v2.21.0 (https://keda.sh/docs/2.21/deploy/#helm; the chart has the version of the program). It
// scales the workloads of one namespace, and reads no Secret there. Its admission webhooks are left out: they would
// check objects that this program checks itself, with rights over the whole cluster. Of its metrics server one replica
// answers, of its operator one leads (https://keda.sh/docs/2.21/operate/cluster/#high-availability); the other is for
// the drain of a node. A cluster has one server of external metrics at most: where there is one, the stack has to take
// the operators as present.
func NewKEDA(args KEDAArgs) Operator {
	budget := pulumi.Map{"minAvailable": pulumi.Int(1)}
	return Operator{
		Name:        KEDA,
		MetricsPort: kedaMetrics,
		Queries:     true,
		chart: chart{
			repository: "https://kedacore.github.io/charts", name: "keda", version: "2.21.0",
			values: pulumi.Map{
				"image": pulumi.Map{
					"keda":             pulumi.Map{"tag": pulumi.String("2.21.0")},
					"metricsApiServer": pulumi.Map{"tag": pulumi.String("2.21.0")},
				},
				"watchNamespace": pulumi.String(args.Namespace),
				// Deleting a kind deletes its objects, and with them every autoscaler.
				"crds": pulumi.Map{"additionalAnnotations": pulumi.ToStringMap(map[string]string{
					"helm.sh/resource-policy": "keep",
				})},
				"webhooks":            pulumi.Map{"enabled": pulumi.Bool(false)},
				"operator":            pulumi.Map{"replicaCount": pulumi.Int(replicas)},
				"metricsServer":       pulumi.Map{"replicaCount": pulumi.Int(replicas)},
				"podDisruptionBudget": pulumi.Map{"operator": budget, "metricServer": budget},
				"podSecurityContext":  pulumi.Map{"operator": restrictedPod(), "metricServer": restrictedPod()},
				"securityContext":     pulumi.Map{"operator": restrictedContainer(), "metricServer": restrictedContainer()},
				"resources": pulumi.Map{
					"operator":     resources("50m", "128Mi", "256Mi"),
					"metricServer": resources("50m", "128Mi", "256Mi"),
				},
				// Of what it may scale, beside Deployments.
				"rbac": pulumi.Map{"scaledRefKinds": pulumi.Array{
					pulumi.Map{"apiGroup": pulumi.String("argoproj.io"), "kind": pulumi.String("rollouts")},
				}},
				// No trigger of ours signs in anywhere.
				"permissions": pulumi.Map{
					"operator":     pulumi.Map{"restrict": pulumi.Map{"secret": pulumi.Bool(true)}},
					"metricServer": pulumi.Map{"restrict": pulumi.Map{"secret": pulumi.Bool(true)}},
				},
				"prometheus": pulumi.Map{"operator": pulumi.Map{"enabled": pulumi.Bool(true)}},
			},
		},
		policies: []namespace.Policy{
			// The API server asks the metrics server, on EKS from an address of its own, on GKE and AKS through a pod in
			// kube-system. The metrics server lets only the API server's requests in.
			{Name: "allow-metrics-api", Direction: namespace.Ingress, Peers: []namespace.Peer{
				{Anywhere: true, TCP: []int{kedaExternal}},
			}},
			{Name: "allow-answers-in", Direction: namespace.Ingress, Peers: []namespace.Peer{
				{Namespace: string(KEDA), TCP: []int{kedaAnswers}},
			}},
			{Name: "allow-answers-out", Direction: namespace.Egress, Peers: []namespace.Peer{
				{Namespace: string(KEDA), TCP: []int{kedaAnswers}},
			}},
			{Name: "allow-prometheus", Direction: namespace.Egress, Peers: []namespace.Peer{args.Prometheus}},
		},
	}
}
