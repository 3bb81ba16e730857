package operators

import (
	_ "embed"

	"github.com/dreamseed/platform/internal/operator"
	"github.com/dreamseed/platform/internal/sandbox/components"
	"github.com/dreamseed/platform/internal/sandbox/controlplane"
)

const rolloutsModule = "github.com/argoproj/argo-rollouts"

var argoRollouts = Operator{
	Name: operator.ArgoRollouts,
	Component: components.Component{
		Package:   "./cmd/rollouts-controller",
		Version:   components.Requirement{Module: rolloutsModule},
		Variables: []string{rolloutsModule + "/utils/version.version={version}"},
		Source: components.Source{Module: rolloutsModule, Edits: []components.Edit{
			// It has flags for its ports, but none for its address.
			{Path: "controller/controller.go", Old: `"0.0.0.0:%d"`, New: `"127.0.0.1:%d"`},
		}},
		Assets: components.Files{Module: rolloutsModule, Paths: []string{
			"manifests/crds/analysis-run-crd.yaml",
			"manifests/crds/analysis-template-crd.yaml",
			"manifests/crds/cluster-analysis-template-crd.yaml",
			"manifests/crds/experiment-crd.yaml",
			"manifests/crds/rollout-crd.yaml",
			"manifests/role/argo-rollouts-clusterrole.yaml",
		}},
	},
	Program: controlplane.Program{
		Ports: []string{rolloutsMetrics}, Health: "/healthz", Scheme: "http",
		Arguments:   rolloutsArguments,
		Environment: podNetworkVariable, // an analysis asks the stack's Prometheus
		Manifests:   rolloutsManifests,
	},
}

const rolloutsMetrics = "argo-rollouts-metrics"

func rolloutsArguments(instance controlplane.Instance) []string {
	return []string{
		"--kubeconfig=" + instance.Kubeconfig,
		"--leader-elect=false",
		"--healthzPort=" + instance.Port(string(operator.ArgoRollouts)),
		"--metricsport=" + instance.Port(rolloutsMetrics),
		"--qps=" + requestsPerSecond,
		"--burst=" + requestBurst,
	}
}

//go:embed argorollouts.yaml
var rolloutsManifests []byte
