package charttest

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"
	"helm.sh/helm/v3/pkg/chart"
	"helm.sh/helm/v3/pkg/chartutil"
	corev1 "k8s.io/api/core/v1"

	"github.com/dreamseed/platform/internal/operator"
)

// Facts holds the known facts about a chart that no module carries. They come from public files, whose addresses are
// next to them, and are not a copy of its templates.
type Facts struct {
	// Chart and Version name the chart.
	Chart, Version string
	// Defaults are the chart's own values that end up in a pod's security settings, in YAML.
	Defaults string
	// Fields maps the values that end up in the template of the controller's pod to the paths of their fields. A value may
	// be a whole section.
	Fields map[string]string
	// Elsewhere maps the other known values of the chart to their effect.
	Elsewhere map[string]string
}

// facts about Traefik's chart: the paths are those of its values.schema.json, which refuses any other
// (https://github.com/traefik/traefik-helm-chart/blob/v41.6.1/traefik/values.yaml; the release lists the renames since
// v37). The schema was read from the types that
// https://github.com/yehudacohen/typekro/blob/main/src/factories/traefik/types.ts checked against that of 41.5.0, to
// which 41.6 adds only values of Traefik Hub, and from values that its users publish.
var facts = map[operator.Name]Facts{
	operator.Traefik: {
		Chart: "traefik", Version: "41.6.1",
		// https://github.com/traefik/traefik-helm-chart/pull/1618 added the seccompProfile.
		Defaults: `
podSecurityContext: {runAsGroup: 65532, runAsNonRoot: true, runAsUser: 65532, seccompProfile: {type: RuntimeDefault}}
securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}, readOnlyRootFilesystem: true}
`,
		// traefik/templates/_podtemplate.tpl
		Fields: map[string]string{
			"image.tag":          "spec.containers.0.image",
			"podSecurityContext": "spec.securityContext",
			"securityContext":    "spec.containers.0.securityContext",
			"resources":          "spec.containers.0.resources",
		},
		Elsewhere: map[string]string{
			"deployment.replicas":                                       "Deployment: spec.replicas",
			"podDisruptionBudget.enabled":                               "a PodDisruptionBudget",
			"podDisruptionBudget.minAvailable":                          "PodDisruptionBudget: spec.minAvailable",
			"rbac.namespaced":                                           "a ClusterRole in place of Roles",
			"ingressClass.name":                                         "IngressClass: metadata.name",
			"ingressClass.isDefaultClass":                               "IngressClass: an annotation",
			"ingressRoute.dashboard.enabled":                            "an IngressRoute",
			"global.checkNewVersion":                                    "--global.checkNewVersion",
			"global.sendAnonymousUsage":                                 "--global.sendAnonymousUsage",
			"accessLog.enabled":                                         "--accesslog",
			"accessLog.fields.headers.defaultMode":                      "--accesslog.fields.headers.defaultmode",
			"metrics.prometheus.entryPoint":                             "--metrics.prometheus.entrypoint",
			"providers.kubernetesCRD.ingressClass":                      "--providers.kubernetescrd.ingressClass",
			"providers.kubernetesCRD.namespaces":                        "--providers.kubernetescrd.namespaces",
			"providers.kubernetesIngress.ingressClass":                  "--providers.kubernetesingress.ingressClass",
			"providers.kubernetesIngress.namespaces":                    "--providers.kubernetesingress.namespaces",
			"providers.kubernetesIngress.publishedService.enabled":      "the next argument",
			"providers.kubernetesIngress.publishedService.pathOverride": "--providers.kubernetesingress.ingressendpoint.…",
			"providers.kubernetesIngress.strictPrefixMatching":          "--providers.kubernetesingress.strictPrefixMatching",
			"ports.web.allowACMEByPass":                                 "--entryPoints.web.allowACMEByPass",
			"ports.web.http.redirections.entryPoint.to":                 "--entryPoints.web.http.redirections.….to, by port",
			"ports.web.http.redirections.entryPoint.scheme":             "--entryPoints.web.http.redirections.….scheme",
			"ports.web.http.redirections.entryPoint.permanent":          "--entryPoints.web.http.redirections.….permanent",
			"service.annotations":                                       "Service: metadata.annotations",
			"service.spec.type":                                         "Service: spec.type",
			"service.spec.externalTrafficPolicy":                        "Service: spec.externalTrafficPolicy",
		},
	},
	// https://github.com/kedacore/charts/blob/main/keda/README.md lists the values.
	operator.KEDA: {
		Chart: "keda", Version: "2.21.0",
		// The section "KEDA is secure by default" of that page.
		Defaults: `
podSecurityContext: {operator: {runAsNonRoot: true}, metricServer: {runAsNonRoot: true}}
securityContext:
  operator:
    allowPrivilegeEscalation: false
    capabilities: {drop: [ALL]}
    readOnlyRootFilesystem: true
    seccompProfile: {type: RuntimeDefault}
`,
		// templates/manager/deployment.yaml. The pod of the metrics server has the same values with metricServer in their
		// path, in templates/metrics-server/deployment.yaml.
		Fields: map[string]string{
			"image.keda.tag":              "spec.containers.0.image",
			"podSecurityContext.operator": "spec.securityContext",
			"securityContext.operator":    "spec.containers.0.securityContext",
			"resources.operator":          "spec.containers.0.resources",
		},
		Elsewhere: map[string]string{ //nolint:gosec // paths of values
			"watchNamespace":                                        "WATCH_NAMESPACE, and Roles in place of ClusterRoles",
			"image.metricsApiServer.tag":                            "the metrics server's container",
			"crds.additionalAnnotations":                            "the kinds: metadata.annotations",
			"webhooks.enabled":                                      "a Deployment and a ValidatingWebhookConfiguration",
			"operator.replicaCount":                                 "Deployment: spec.replicas",
			"metricsServer.replicaCount":                            "Deployment: spec.replicas",
			"podDisruptionBudget.operator.minAvailable":             "a PodDisruptionBudget",
			"podDisruptionBudget.metricServer.minAvailable":         "a PodDisruptionBudget",
			"podSecurityContext.metricServer.runAsNonRoot":          "the metrics server's pod",
			"podSecurityContext.metricServer.seccompProfile.type":   "the same",
			"securityContext.metricServer.allowPrivilegeEscalation": "the metrics server's container",
			"securityContext.metricServer.capabilities.drop":        "the same",
			"resources.metricServer.requests.cpu":                   "the same",
			"resources.metricServer.requests.memory":                "the same",
			"resources.metricServer.limits.memory":                  "the same",
			"rbac.scaledRefKinds":                                   "the rules for */scale",
			"permissions.operator.restrict.secret":                  "KEDA_RESTRICT_SECRET_ACCESS, and no rule for Secrets",
			"permissions.metricServer.restrict.secret":              "the same of the metrics server",
			"prometheus.operator.enabled":                           "--metrics-bind-address and --enable-prometheus-metrics",
		},
	},
	// https://github.com/elastic/cloud-on-k8s/blob/v3.5.0/deploy/eck-operator/values.yaml lists the values.
	operator.ECK: {
		Chart: "eck-operator", Version: "3.5.0",
		Defaults: `
podSecurityContext: {runAsNonRoot: true}
securityContext:
  {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}, readOnlyRootFilesystem: true, runAsNonRoot: true}
`,
		// templates/statefulset.yaml
		Fields: map[string]string{
			"podSecurityContext": "spec.securityContext",
			"securityContext":    "spec.containers.0.securityContext",
			"resources":          "spec.containers.0.resources",
		},
		Elsewhere: map[string]string{
			"managedNamespaces":                "a Role in each, and the operator's namespaces",
			"createClusterScopedResources":     "ClusterRoles, where true",
			"webhook.enabled":                  "a ValidatingWebhookConfiguration and a Service, where true",
			"config.validateStorageClass":      "the operator's validate-storage-class",
			"config.exposedNodeLabels":         "the operator's exposed-node-labels",
			"config.setDefaultSecurityContext": "the operator's set-default-security-context",
			"replicaCount":                     "StatefulSet: spec.replicas; the operator elects a leader by default",
			"podDisruptionBudget.enabled":      "a PodDisruptionBudget",
			"podDisruptionBudget.minAvailable": "PodDisruptionBudget: spec.minAvailable",
			"telemetry.disabled":               "the operator's disable-telemetry",
		},
	},
	// https://github.com/cloudnative-pg/charts/blob/cloudnative-pg-v0.29.0/charts/cloudnative-pg/values.yaml lists the
	// values. Its schema, beside it, does not refuse others.
	operator.CloudNativePG: {
		Chart: "cloudnative-pg", Version: "0.29.0",
		Defaults: `
podSecurityContext: {runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}}
containerSecurityContext:
  allowPrivilegeEscalation: false
  capabilities: {drop: [ALL]}
  readOnlyRootFilesystem: true
  runAsGroup: 10001
  runAsUser: 10001
  seccompProfile: {type: RuntimeDefault}
`,
		// templates/deployment.yaml
		Fields: map[string]string{
			"image.tag":                "spec.containers.0.image",
			"podSecurityContext":       "spec.securityContext",
			"containerSecurityContext": "spec.containers.0.securityContext",
			"resources":                "spec.containers.0.resources",
		},
		Elsewhere: map[string]string{
			"config.data.WATCH_NAMESPACE":                         "a ConfigMap, which --config-map-name names",
			"config.data.ENABLE_INSTANCE_MANAGER_INPLACE_UPDATES": "the same",
			"replicaCount": "Deployment: spec.replicas; it always has --leader-elect",
		},
	},
	// The values are listed in
	// https://github.com/strimzi/strimzi-kafka-operator/blob/1.2.0/helm-charts/helm3/strimzi-kafka-operator/README.md.
	operator.Strimzi: {
		Chart: "strimzi-kafka-operator", Version: "1.2.0",
		// https://github.com/strimzi/strimzi-kafka-operator/pull/12983 says that they meet "restricted" since 1.2.0. Which
		// part of it is set where was not read, so none is assumed.
		Defaults: "",
		// templates/060-Deployment-strimzi-cluster-operator.yaml
		Fields: map[string]string{
			"podSecurityContext": "spec.securityContext",
			"securityContext":    "spec.containers.0.securityContext",
			"resources":          "spec.containers.0.resources",
		},
		Elsewhere: map[string]string{
			"watchNamespaces":                  "STRIMZI_NAMESPACE, beside the release's own, and a RoleBinding in each",
			"generateNetworkPolicy":            "STRIMZI_NETWORK_POLICY_GENERATION",
			"replicas":                         "Deployment: spec.replicas; the operator elects a leader by default",
			"podDisruptionBudget.enabled":      "a PodDisruptionBudget",
			"podDisruptionBudget.minAvailable": "PodDisruptionBudget: spec.minAvailable",
		},
	},
	// https://github.com/argoproj/argo-helm/blob/argo-rollouts-2.43.5/charts/argo-rollouts/README.md lists the values.
	operator.ArgoRollouts: {
		Chart: "argo-rollouts", Version: "2.43.5",
		// The container defaults of this version could not be read, so none are assumed.
		Defaults: "podSecurityContext: {runAsNonRoot: true}",
		// templates/controller/deployment.yaml
		Fields: map[string]string{
			"controller.image.tag":     "spec.containers.0.image",
			"podSecurityContext":       "spec.securityContext",
			"containerSecurityContext": "spec.containers.0.securityContext",
			"controller.resources":     "spec.containers.0.resources",
		},
		Elsewhere: map[string]string{
			"dashboard.enabled":           "a Deployment of its own, a Service, roles",
			"controller.replicas":         "Deployment: spec.replicas, and --leader-elect where more than one",
			"controller.pdb.enabled":      "a PodDisruptionBudget",
			"controller.pdb.minAvailable": "PodDisruptionBudget: spec.minAvailable",
		},
	},
}

// Known returns the operators whose charts are known only by facts, sorted.
func Known() []operator.Name { return slices.Sorted(maps.Keys(facts)) }

// FactsOf returns the facts about the chart of an operator.
func FactsOf(name operator.Name) Facts { return facts[name] }

// Pod returns the template of the controller's pod: Helm merges the values with the chart's own, and each is set in its
// field.
func (f Facts) Pod(t *testing.T, values map[string]any) corev1.PodTemplateSpec {
	t.Helper()
	var defaults map[string]any
	require.NoError(t, yaml.Unmarshal([]byte(f.Defaults), &defaults))
	merged, err := chartutil.CoalesceValues(
		&chart.Chart{Metadata: &chart.Metadata{Name: f.Chart}, Values: defaults}, values)
	require.NoError(t, err)
	container := map[string]any{"name": f.Chart}
	pod := map[string]any{"spec": map[string]any{"containers": []any{container}}}
	for value, field := range f.Fields {
		if found, err := valueAt(merged, value); err == nil {
			put(pod, strings.Split(field, "."), found)
		}
	}
	tag, is := container["image"].(string)
	if !is {
		tag = f.Version // the image is that of the chart's own version
	}
	container["image"] = f.Chart + ":" + tag
	return decode(t, pod)
}

// WithoutDefaults returns the facts about a chart that secures nothing by itself.
func (f Facts) WithoutDefaults() Facts {
	f.Defaults = ""
	return f
}

// Knows reports whether the chart has a value of this path. Everything below a section that ends up in a field is
// known, because it is checked there.
func (f Facts) Knows(path string) bool {
	if _, is := f.Elsewhere[path]; is {
		return true
	}
	for section := range f.Fields {
		if path == section || strings.HasPrefix(path, section+".") {
			return true
		}
	}
	return false
}

func (f Facts) all() map[string]string {
	all := maps.Clone(f.Fields)
	maps.Copy(all, f.Elsewhere)
	return all
}

// Unused returns the known values of the chart that these values do not set, sorted.
func (f Facts) Unused(values map[string]any) []string {
	var unused []string
	for path := range f.all() {
		if _, err := valueAt(values, path); err != nil {
			unused = append(unused, path)
		}
	}
	slices.Sort(unused)
	return unused
}

// valueAt returns a value or a section.
func valueAt(values chartutil.Values, path string) (any, error) {
	if section, err := values.Table(path); err == nil {
		return section.AsMap(), nil
	}
	return values.PathValue(path)
}

// put sets the field at a path below an object or, for a number, below the first element of a list.
func put(object any, path []string, value any) {
	if list, is := object.([]any); is {
		put(list[0], path[1:], value)
		return
	}
	fields := object.(map[string]any)
	if len(path) == 1 {
		fields[path[0]] = value
		return
	}
	put(fields[path[0]], path[1:], value)
}
