package operator

import (
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// Release is a Helm release of an operator. The engine waits until everything in it is ready, and Helm rolls back if
// that fails.
type Release struct {
	pulumi.CustomResourceState
}

// chart is the Helm chart of an operator.
type chart struct {
	repository, name, version string
	// values differ from the chart's own.
	values pulumi.Map
}

// timeoutSeconds is how long an operator may take until it is ready, including the download of its image.
const timeoutSeconds = 300

// NewRelease installs an operator into the namespace of its name, which must exist. It registers the release by its
// type and not through the SDK's helm package, which would compile every Kubernetes API there is.
func NewRelease(
	ctx *pulumi.Context, name string, args *ReleaseArgs, opts ...pulumi.ResourceOption,
) (*Release, error) {
	from := charts[args.Operator](args)
	release := &Release{}
	err := ctx.RegisterResource("kubernetes:helm.sh/v3:Release", name, pulumi.Map{
		"name":            pulumi.String(string(args.Operator)),
		"namespace":       pulumi.String(string(args.Operator)),
		"chart":           pulumi.String(from.name),
		"version":         pulumi.String(from.version),
		"repositoryOpts":  pulumi.Map{"repo": pulumi.String(from.repository)},
		"values":          from.values,
		"atomic":          pulumi.Bool(true),
		"createNamespace": pulumi.Bool(false),
		"timeout":         pulumi.Int(timeoutSeconds),
	}, release, opts...)
	if err != nil {
		return nil, fmt.Errorf("installing %s: %w", args.Operator, err)
	}
	return release, nil
}

// ReleaseArgs names the operator to install, and describes its cluster.
type ReleaseArgs struct {
	Operator Name
	// Namespace is the namespace of the services.
	Namespace string
	// IngressClass is the class that Traefik serves, and ServiceAnnotations are the annotations of its Service of type
	// LoadBalancer.
	IngressClass       string
	ServiceAnnotations pulumi.StringMap
}

// charts are pinned to the releases whose sources the sandbox is built from.
// docs/decisions/operators-helm-or-present.md lists the charts that a test renders.
var charts = map[Name]func(*ReleaseArgs) chart{
	ArgoRollouts:    argoRollouts,
	CertManager:     certManager,
	ExternalSecrets: externalSecrets,
	SealedSecrets:   sealedSecrets,
	Traefik:         traefik,
}

// WebhookPort is the port on which cert-manager's webhook answers the API server.
const WebhookPort = 10250

// certManager returns the chart of cert-manager v1.21.2 (https://cert-manager.io/docs/installation/helm).
func certManager(*ReleaseArgs) chart {
	return chart{
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
	}
}

// replicas survive the drain of a node.
const replicas = 2

func resources(cpu, memory, memoryLimit string) pulumi.Map {
	return pulumi.Map{
		"requests": pulumi.ToStringMap(map[string]string{"cpu": cpu, "memory": memory}),
		"limits":   pulumi.ToStringMap(map[string]string{"memory": memoryLimit}),
	}
}
