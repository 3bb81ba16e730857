package operator

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/internal/namespace"
)

// CertManager issues the certificates of the ingress.
const CertManager Name = "cert-manager"

// WebhookPort is the port on which cert-manager's webhook answers the API server.
const WebhookPort = 10250

// CertManagerArgs are the inputs of NewCertManager.
type CertManagerArgs struct {
	// ControllerNamespace is the namespace of the ingress controller's pods.
	ControllerNamespace string
}

// certManagerMetrics is the port of its metrics
// (https://github.com/cert-manager/cert-manager/blob/v1.21.2/deploy/charts/cert-manager/templates/deployment.yaml).
const certManagerMetrics = 9402

// NewCertManager returns cert-manager v1.21.2 (https://cert-manager.io/docs/installation/helm), which serves every
// namespace.
func NewCertManager(args CertManagerArgs) Operator {
	return Operator{
		Name:        CertManager,
		MetricsPort: certManagerMetrics,
		chart: chart{
			repository: "https://charts.jetstack.io", name: "cert-manager", version: "v1.21.2",
			values: pulumi.Map{
				"crds": pulumi.Map{"enabled": pulumi.Bool(true)},
				// The chart's default is kube-system, which is not ours.
				"global":              pulumi.Map{"leaderElection": pulumi.Map{"namespace": pulumi.String(string(CertManager))}},
				"replicaCount":        pulumi.Int(replicas),
				"podDisruptionBudget": pulumi.Map{"enabled": pulumi.Bool(true)},
				"resources":           resources("50m", "128Mi", "256Mi"),
				"webhook": pulumi.Map{
					"replicaCount":        pulumi.Int(replicas),
					"podDisruptionBudget": pulumi.Map{"enabled": pulumi.Bool(true)},
					"resources":           resources("50m", "64Mi", "128Mi"),
				},
				"cainjector":      pulumi.Map{"resources": resources("50m", "128Mi", "256Mi")},
				"startupapicheck": pulumi.Map{"resources": resources("50m", "64Mi", "128Mi")},
			},
		},
		policies: []namespace.Policy{
			// The API server calls the webhook, on EKS from an address of its own, on GKE and AKS through a pod in kube-system
			// (https://kubernetes.io/docs/tasks/extend-kubernetes/setup-konnectivity). The webhook trusts no client for
			// reaching it.
			{Name: "allow-webhook", Direction: namespace.Ingress, Peers: []namespace.Peer{
				{Anywhere: true, TCP: []int{WebhookPort}},
			}},
			// The policy for the API server also covers the issuer's API on the internet.
			{Name: "allow-own-proof", Direction: namespace.Egress, Peers: args.ownProof()},
		},
	}
}

// controllerPorts are the ports on which pods of ingress controllers answer users, for HTTP and for HTTPS.
var controllerPorts = []int{80, 443, 8000, 8080, 8443}

// ownProof returns the endpoints at which cert-manager checks its own challenge before the issuer does. The host leads
// to a public address, or straight to the controller's pods if the node knows the owner of that address: then the
// address is translated before the policy applies
// (https://cert-manager.io/docs/troubleshooting/acme/#2-troubleshooting-orders).
func (args CertManagerArgs) ownProof() []namespace.Peer {
	public := namespace.Internet()
	public.TCP = []int{80}
	return []namespace.Peer{public, {Namespace: args.ControllerNamespace, TCP: controllerPorts}}
}
