package operators

import (
	_ "embed"

	"github.com/dreamseed/platform/internal/operator"
	"github.com/dreamseed/platform/internal/sandbox/components"
	"github.com/dreamseed/platform/internal/sandbox/controlplane"
)

const sealedModule = "github.com/bitnami/sealed-secrets"

var sealedSecrets = Operator{
	Name: operator.SealedSecrets,
	Component: components.Component{
		Package:   "./cmd/controller",
		Version:   components.Requirement{Module: sealedModule},
		Variables: []string{"main.VERSION={version}"},
		Source: components.Source{Module: sealedModule, Edits: []components.Edit{
			// It only supports the in-cluster configuration of a pod.
			{Path: "pkg/controller/main.go", Old: `"k8s.io/client-go/rest"`, New: `"k8s.io/client-go/tools/clientcmd"`},
			{
				Path: "pkg/controller/main.go",
				Old:  "rest.InClusterConfig()", New: `clientcmd.BuildConfigFromFlags("", os.Getenv("KUBECONFIG"))`,
			},
		}},
		Assets: components.Files{Module: sealedModule, Paths: []string{
			"helm/sealed-secrets/crds/bitnami.com_sealedsecrets.yaml",
		}},
	},
	Program: controlplane.Program{
		Ports: []string{sealedMetrics}, Health: "/healthz", Scheme: "http",
		Arguments:   sealedArguments,
		Environment: sealedEnvironment,
		Manifests:   sealedManifests,
	},
}

const sealedMetrics = "sealed-secrets-metrics"

// sealedArguments make the controller watch every namespace: the environment's is created after it starts.
func sealedArguments(instance controlplane.Instance) []string {
	return []string{
		"--listen-addr=" + instance.Address(string(operator.SealedSecrets)),
		"--listen-metrics-addr=" + instance.Address(sealedMetrics),
	}
}

// sealedEnvironment also names the namespace that the controller keeps its keys in.
func sealedEnvironment(instance controlplane.Instance) []string {
	return append(kubeconfigVariable(instance), "POD_NAMESPACE="+string(operator.SealedSecrets))
}

//go:embed sealedsecrets.yaml
var sealedManifests []byte
