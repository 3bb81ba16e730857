package operators

import (
	_ "embed"
	"strings"

	"github.com/dreamseed/platform/internal/operator"
	"github.com/dreamseed/platform/internal/sandbox/components"
	"github.com/dreamseed/platform/internal/sandbox/controlplane"
)

const kedaModule = "github.com/kedacore/keda/v2"

// keda makes the autoscalers, and asks Prometheus.
var keda = Operator{
	Name: operator.KEDA,
	Component: components.Component{
		Package:   "./cmd/operator",
		Version:   components.Requirement{Module: kedaModule},
		Variables: []string{kedaModule + "/version.Version={version}"},
		Source:    kedaSource,
		Assets: components.Files{Module: kedaModule, Paths: []string{
			"config/crd/bases/eventing.keda.sh_cloudeventsources.yaml",
			"config/crd/bases/eventing.keda.sh_clustercloudeventsources.yaml",
			"config/crd/bases/keda.sh_clustertriggerauthentications.yaml",
			"config/crd/bases/keda.sh_scaledjobs.yaml",
			"config/crd/bases/keda.sh_scaledobjects.yaml",
			"config/crd/bases/keda.sh_triggerauthentications.yaml",
		}},
	},
	Program: controlplane.Program{
		Ports: []string{kedaMetrics, kedaAnswers}, Health: "/readyz", Scheme: "http",
		Serving:     true,
		Arguments:   kedaArguments,
		Environment: kedaEnvironment,
		Manifests:   kedaManifests,
	},
}

// kedaMetricsServer answers autoscalers with what keda read.
var kedaMetricsServer = Operator{
	Name: operator.KEDA,
	Component: components.Component{
		Name:      "keda-metrics-apiserver",
		Package:   "./cmd/adapter",
		Version:   components.Requirement{Module: kedaModule},
		Variables: []string{kedaModule + "/version.Version={version}"},
		Source:    kedaSource,
	},
	Program: controlplane.Program{
		Ports: []string{kedaServerMetrics}, Health: "/readyz", Scheme: "https",
		Serving:     true,
		Aggregated:  controlplane.Aggregated{Group: "external.metrics.k8s.io", Version: "v1beta1"},
		Arguments:   kedaServerArguments,
		Environment: kedaServerEnvironment,
		Manifests:   kedaServerManifests,
	},
}

const (
	kedaMetrics       = "keda-metrics"
	kedaAnswers       = "keda-answers"
	kedaServerMetrics = "keda-metrics-apiserver-metrics"
)

// kedaSource leaves out the triggers and the places of secrets that no service uses: with them the two programs have
// three thousand packages, without them half.
var kedaSource = components.Source{
	Module: kedaModule,
	Only: map[string][]string{
		"pkg/scalers":          {"cpu_memory_scaler.go", "prometheus_scaler.go", "scaler.go"},
		"pkg/scaling/resolver": {"k8s_validator.go", "outbound_policy.go", "scale_resolvers.go", "service_account_token.go"},
		"pkg/eventemitter":     {"cloudevent_http_handler.go", "eventemitter.go", "eventfilter.go", "eventhelper.go"},
	},
	// Files that are left out have them.
	Added: map[string]string{
		"pkg/scalers/external.go":       "package scalers\n\nconst externalMetricType = \"External\"\n",
		"pkg/scaling/resolver/vault.go": "package resolver\n\nconst DefaultVaultKubernetesAuthTokenFile = \"\"\n",
	},
	Cuts: []components.Cut{
		cut(kedaPrometheus, "\t} else {\n\t\t// could be the case of azure", "\n\treturn &prometheusScaler{", "\t}\n"),
		cut(kedaTriggers, `	case "activemq":`, `	case "cpu":`, ""),
		cut(kedaTriggers, `	case "cron":`, `	case "memory":`, ""),
		cut(kedaTriggers, `	case "metrics-api":`, `	case "prometheus":`, ""),
		cut(kedaTriggers, `	case "pulsar":`, `	default:`, ""),
		cut(
			kedaResolver, "\t\t\tif triggerAuthSpec.HashiCorpVault != nil && len",
			"\t\t\tif triggerAuthSpec.BoundServiceAccountToken", "",
		),
		cut(
			kedaResolver, "\t\t\tif triggerAuthSpec.AzureServicePrincipal != nil {",
			"\treturn result, podIdentity, err\n}\n\nfunc getTriggerAuthSpec", "\t\t}\n\t}\n\n",
		),
		cut(
			kedaEvents, "\tif spec.Destination.AzureEventGridTopic != nil {\n\t\teventHandler, err :=",
			"\te.log.Info(\"No destionation", "",
		),
	},
	Edits: []components.Edit{
		edit(kedaPrometheus, kedaImport("aws"), ""),
		edit(kedaPrometheus, kedaImport("azure"), ""),
		edit(kedaPrometheus, kedaImport("gcp"), ""),
		edit(kedaPrometheus, "\t\"errors\"\n", ""),
		edit(kedaResolver, kedaImport("azure"), ""),
		edit(kedaResolver, " || !vaultAddressesEqual(endpoint, endpoint) ||", " ||"),
		edit(kedaEvents, "authParams, podIdentity, err := resolver", "_, _, err := resolver"),
		// Its certificates lie beside those of the other programs.
		edit(kedaCertificates, `"tls.crt"`, `"keda-server.crt"`),
		edit(kedaCertificates, `"tls.key"`, `"keda-server.key"`),
		// It has a flag for this port, but none for its address.
		edit("cmd/adapter/main.go", `fmt.Sprintf(":%v", metrics`, `fmt.Sprintf("127.0.0.1:%v", metrics`),
	},
}

const (
	kedaPrometheus   = "pkg/scalers/prometheus_scaler.go"
	kedaTriggers     = "pkg/scaling/scalers_builder.go"
	kedaResolver     = "pkg/scaling/resolver/scale_resolvers.go"
	kedaEvents       = "pkg/eventemitter/eventemitter.go"
	kedaCertificates = "pkg/metricsservice/utils/tls.go"
)

func cut(path, from, until, with string) components.Cut {
	return components.Cut{Path: path, From: from, Until: until, New: with}
}

func edit(path, old, with string) components.Edit {
	return components.Edit{Path: path, Old: old, New: with}
}

func kedaImport(cloud string) string { return "\t\"" + kedaModule + "/pkg/scalers/" + cloud + "\"\n" }

func kedaArguments(instance controlplane.Instance) []string {
	return []string{
		"--kubeconfig=" + instance.Kubeconfig,
		"--health-probe-bind-address=" + instance.Address(string(operator.KEDA)),
		"--metrics-bind-address=" + instance.Address(kedaMetrics),
		"--metrics-service-bind-address=" + instance.Address(kedaAnswers),
		"--cert-dir=" + instance.Certificates,
		"--kube-api-qps=" + requestsPerSecond,
		"--kube-api-burst=" + requestBurst,
	}
}

func kedaServerArguments(instance controlplane.Instance) []string {
	return []string{
		"--bind-address=127.0.0.1",
		"--secure-port=" + instance.Port("keda-metrics-apiserver"),
		"--port=" + instance.Port(kedaServerMetrics),
		"--tls-cert-file=" + instance.CertificateFile,
		"--tls-private-key-file=" + instance.KeyFile,
		"--cert-dir=" + instance.Certificates,
		"--metrics-service-address=" + strings.Replace(instance.Address(kedaAnswers), "127.0.0.1", "localhost", 1),
		"--authentication-kubeconfig=" + instance.Kubeconfig,
		"--authorization-kubeconfig=" + instance.Kubeconfig,
		"--lister-kubeconfig=" + instance.Kubeconfig,
		"--kubeconfig=" + instance.Kubeconfig,
	}
}

// kedaEnvironment limits KEDA to the namespaces of the services, as its release does. It asks Prometheus through the
// pod network.
func kedaEnvironment(instance controlplane.Instance) []string {
	return append(podNetworkVariable(instance),
		"WATCH_NAMESPACE="+strings.Join(instance.Namespaces, ","),
		"KEDA_CLUSTER_OBJECT_NAMESPACE=keda",
		"KEDA_RESTRICT_SECRET_ACCESS=true",
		"POD_NAMESPACE=keda",
	)
}

func kedaServerEnvironment(instance controlplane.Instance) []string {
	return []string{"WATCH_NAMESPACE=" + strings.Join(instance.Namespaces, ","), "POD_NAMESPACE=keda"}
}

//go:embed keda.yaml
var kedaManifests []byte

//go:embed kedametricsserver.yaml
var kedaServerManifests []byte
