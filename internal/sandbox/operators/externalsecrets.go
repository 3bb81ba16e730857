package operators

import (
	_ "embed"

	"github.com/dreamseed/platform/internal/operator"
	"github.com/dreamseed/platform/internal/sandbox/components"
	"github.com/dreamseed/platform/internal/sandbox/controlplane"
)

const externalModule = "github.com/external-secrets/external-secrets"

var externalSecrets = Operator{
	Name: operator.ExternalSecrets,
	Component: components.Component{
		Package: ".",
		Version: components.Requirement{Module: externalModule},
		Source: components.Source{
			Module: externalModule,
			// Only the providers and generators in use, instead of two thousand packages for all of them.
			Over: "./external-secrets",
			Edits: []components.Edit{{
				Path: "pkg/provider/kubernetes/auth.go",
				Old:  "Host: c.store.Server.URL,", New: "Host: apiServer(c.store.Server.URL),",
			}},
		},
		Assets: components.Files{Module: externalModule, Paths: []string{
			"config/crds/bases/external-secrets.io_externalsecrets.yaml",
			"config/crds/bases/external-secrets.io_secretstores.yaml",
			"config/crds/bases/generators.external-secrets.io_generatorstates.yaml",
			"config/crds/bases/generators.external-secrets.io_passwords.yaml",
		}},
	},
	Program: controlplane.Program{
		Ports: []string{externalMetrics}, Health: "/healthz", Scheme: "http",
		Arguments:   externalArguments,
		Environment: kubeconfigVariable,
		Manifests:   externalManifests,
	},
}

const externalMetrics = "external-secrets-metrics"

// externalArguments make External Secrets handle the kinds that the platform uses, as its release does.
func externalArguments(instance controlplane.Instance) []string {
	return []string{
		"--live-addr=" + instance.Address(string(operator.ExternalSecrets)),
		"--metrics-addr=" + instance.Address(externalMetrics),
		"--enable-cluster-external-secret-reconciler=false",
		"--enable-cluster-push-secret-reconciler=false",
		"--enable-cluster-store-reconciler=false",
		"--enable-push-secret-reconciler=false",
		"--concurrent=8",
		"--client-qps=" + requestsPerSecond,
		"--client-burst=" + requestBurst,
	}
}

//go:embed externalsecrets.yaml
var externalManifests []byte
