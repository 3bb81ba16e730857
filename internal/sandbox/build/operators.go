package build

import (
	"context"
	"fmt"

	"github.com/dreamseed/platform/internal/operator"
	"github.com/dreamseed/platform/internal/sandbox/layout"
)

const (
	rolloutsModule      = "github.com/argoproj/argo-rollouts"
	traefikModule       = "github.com/traefik/traefik/v3"
	certManagerModule   = "github.com/cert-manager/cert-manager"
	externalModule      = "github.com/external-secrets/external-secrets"
	sealedModule        = "github.com/bitnami/sealed-secrets"
	metricsServerModule = "sigs.k8s.io/metrics-server"
)

// OperatorComponents returns the additional programs of a stack that uses these operators.
func OperatorComponents(used []operator.Name) []Component {
	var components []Component
	for _, name := range used {
		components = append(components, operators[name]...)
	}
	return components
}

// OperatorSource returns the folder in which the Go command keeps an operator's source, and its version. It downloads
// the module if necessary.
func OperatorSource(ctx context.Context, l layout.Layout, name operator.Name) (folder, version string, err error) {
	b := &builder{layout: l, goCommand: "go"}
	component := operators[name][0]
	if version, err = b.version(component); err != nil {
		return "", "", fmt.Errorf("finding the version of %s: %w", name, err)
	}
	folder, err = b.moduleFolder(ctx, component.Module, component.Version.Module)
	if err != nil {
		return "", "", fmt.Errorf("finding the source of %s: %w", name, err)
	}
	return folder, version, nil
}

var operators = map[operator.Name][]Component{
	operator.ArgoRollouts: {{
		Name: string(operator.ArgoRollouts), Module: operatorsModule, Package: "./cmd/rollouts-controller",
		Version:   Requirement{operatorsModule, rolloutsModule},
		Variables: []string{rolloutsModule + "/utils/version.version={version}"},
		Source: Source{Module: rolloutsModule, Edits: []Edit{
			// It has flags for its ports, but none for its address.
			{"controller/controller.go", `"0.0.0.0:%d"`, `"127.0.0.1:%d"`},
		}},
		Assets: Files{Module: rolloutsModule, Paths: []string{
			"manifests/crds/analysis-run-crd.yaml",
			"manifests/crds/analysis-template-crd.yaml",
			"manifests/crds/cluster-analysis-template-crd.yaml",
			"manifests/crds/experiment-crd.yaml",
			"manifests/crds/rollout-crd.yaml",
			"manifests/role/argo-rollouts-clusterrole.yaml",
		}},
		Place: layout.Manifests(string(operator.ArgoRollouts)),
	}},
	// The controller would need an issuer outside the machine: a sandbox has its CRDs only.
	operator.CertManager: {{
		Name: string(operator.CertManager), Module: operatorsModule,
		Version: Requirement{operatorsModule, certManagerModule},
		Assets: Files{Module: certManagerModule, Paths: []string{
			"deploy/crds/acme.cert-manager.io_challenges.yaml",
			"deploy/crds/acme.cert-manager.io_orders.yaml",
			"deploy/crds/cert-manager.io_certificaterequests.yaml",
			"deploy/crds/cert-manager.io_certificates.yaml",
			"deploy/crds/cert-manager.io_clusterissuers.yaml",
			"deploy/crds/cert-manager.io_issuers.yaml",
		}},
		Place: layout.Manifests(string(operator.CertManager)),
	}},
	operator.ExternalSecrets: {{
		Name: string(operator.ExternalSecrets), Module: operatorsModule, Package: ".",
		Version: Requirement{operatorsModule, externalModule},
		Source: Source{
			Module: externalModule,
			// Only the providers and generators in use, instead of two thousand packages for all of them.
			Over: "./external-secrets",
			Edits: []Edit{
				{"pkg/provider/kubernetes/auth.go", "Host: c.store.Server.URL,", "Host: apiServer(c.store.Server.URL),"},
			},
		},
		Assets: Files{Module: externalModule, Paths: []string{
			"config/crds/bases/external-secrets.io_externalsecrets.yaml",
			"config/crds/bases/external-secrets.io_secretstores.yaml",
			"config/crds/bases/generators.external-secrets.io_generatorstates.yaml",
			"config/crds/bases/generators.external-secrets.io_passwords.yaml",
		}},
		Place: layout.Manifests(string(operator.ExternalSecrets)),
	}},
	operator.SealedSecrets: {{
		Name: string(operator.SealedSecrets), Module: operatorsModule, Package: "./cmd/controller",
		Version:   Requirement{operatorsModule, sealedModule},
		Variables: []string{"main.VERSION={version}"},
		Source: Source{Module: sealedModule, Edits: []Edit{
			// It only supports the in-cluster configuration of a pod.
			{"pkg/controller/main.go", `"k8s.io/client-go/rest"`, `"k8s.io/client-go/tools/clientcmd"`},
			{"pkg/controller/main.go", "rest.InClusterConfig()", `clientcmd.BuildConfigFromFlags("", os.Getenv("KUBECONFIG"))`},
		}},
		Assets: Files{Module: sealedModule, Paths: []string{"helm/sealed-secrets/crds/bitnami.com_sealedsecrets.yaml"}},
		Place:  layout.Manifests(string(operator.SealedSecrets)),
	}},
	operator.Traefik: {{
		Name: string(operator.Traefik), Module: operatorsModule, Package: "./cmd/traefik",
		Version:   Requirement{operatorsModule, traefikModule},
		Variables: []string{traefikModule + "/pkg/version.Version={version}"},
		Source: Source{
			Module: traefikModule,
			Added: map[string]string{
				// Its dashboard is compiled into this folder before a release, and embedded.
				"webui/static/index.html": "The sandbox builds no dashboard.\n",
				// Its go.mod replaces this module with a local folder that is not published. The two types are embedded, and empty
				// (https://github.com/traefik/traefik/tree/v3.7/pkg/config/dynamic/ext).
				"pkg/config/dynamic/ext/go.mod": "module github.com/traefik/traefik/dynamic/ext\n\ngo 1.24\n",
				"pkg/config/dynamic/ext/ext.go": "package ext\n\ntype (\n\tHTTP   struct{}\n\tRouter struct{}\n)\n",
			},
			Edits: traefikEdits,
		},
		Assets: Files{Module: traefikModule, Paths: []string{
			"docs/content/reference/dynamic-configuration/kubernetes-crd-definition-v1.yml",
		}},
		Place: layout.Manifests(string(operator.Traefik)),
	}},
}

const (
	basicAuth       = "github.com/containous/go-http-auth "
	basicAuthPinned = basicAuth + "v0.4.1-0.20260804094822-b975dcaa8c48"
	basicAuthBuilt  = basicAuth + "v0.4.1-0.20200324110947-a37a7636d23e"
)

// traefikEdits remove the two hundred DNS providers for ACME challenges, some of which cannot be downloaded everywhere.
// Neither can the newest fork of the basic authentication module; the previous one is in the checksum database with the
// same go.mod.
var traefikEdits = []Edit{
	{"pkg/provider/acme/provider.go", `"github.com/go-acme/lego/v5/providers/dns"`, ""},
	{
		"pkg/provider/acme/provider.go", "dns.NewDNSChallengeProviderByName(p.DNSChallenge.Provider)",
		`nil, errors.New("the sandbox builds no DNS provider")`,
	},
	{"go.mod", basicAuthPinned, basicAuthBuilt},
	{"go.sum", basicAuthPinned + "/go.mod", basicAuthBuilt + "/go.mod"},
	{
		"go.sum", basicAuthPinned + " h1:zvriB/VtwWvyNjuyIZgYDzvdNrnXYT0rXSN3WNgDzqg=",
		basicAuthBuilt + " h1:D+uTEzDZc1Fhmd0Pq06c+O9+KkAyExw0eVmu/NOqaHU=",
	},
}

// MetricsComponents returns the additional programs of a sandbox that serves pod metrics to autoscalers.
func MetricsComponents() []Component {
	return []Component{{
		Name: "metrics-server", Module: operatorsModule, Package: "./cmd/metrics-server",
		Version:   Requirement{operatorsModule, metricsServerModule},
		Variables: []string{"k8s.io/component-base/version.gitVersion={version}"},
		Source:    Source{Module: metricsServerModule},
	}}
}
