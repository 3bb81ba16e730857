package dashboard

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/grafana/grafana-foundation-sdk/go/units"

	"github.com/dreamseed/platform/monitoring/contract"
)

// operatorPanels are the panels of each operator: whether it does its work for the platform.
var operatorPanels = map[string]func() []panel{
	"argo-rollouts":    argoRollouts,
	"cert-manager":     certManager,
	"cloudnative-pg":   cloudNativePG,
	"external-secrets": externalSecrets,
	"keda":             keda,
	"sealed-secrets":   sealedSecrets,
	"strimzi":          strimzi,
	"traefik":          traefik,
}

// operators shows the operators with these names.
func operators(names []string) (page, error) {
	shown := page{
		uid: "platform-operators", title: "Operators", folder: platformFolder,
		answers: "Do the operators do their work for the platform?",
	}
	for _, operator := range slices.Sorted(slices.Values(names)) {
		panels, known := operatorPanels[operator]
		if !known {
			return page{}, fmt.Errorf("no panel shows the operator %q: there are some for %s",
				operator, strings.Join(slices.Sorted(maps.Keys(operatorPanels)), ", "))
		}
		shown.rows = append(shown.rows, row{operator, panels()})
	}
	return shown, nil
}

// traefik reads the metrics of entry points
// (https://github.com/traefik/traefik/blob/v3.7.13/pkg/observability/metrics/prometheus.go).
func traefik() []panel {
	requests := metric("traefik", "traefik_entrypoint_requests_total")
	failed := metric("traefik", "traefik_entrypoint_requests_total", `code=~"5.."`)
	all := sum("entrypoint", rate(requests))
	return []panel{
		{
			kind: lines, title: "Requests", unit: units.RequestsPerSecond,
			description: "Requests from outside, by entry point and status code. On the entry point web all are redirected.",
			queries:     []query{{sum("entrypoint, code", rate(requests)), "{{entrypoint}} {{code}}"}},
		},
		{
			kind: lines, title: "Errors", unit: units.PercentUnit,
			description: "The share of requests answered with 5xx, by a service or because Traefik reached none.",
			queries:     []query{{orZero(sum("entrypoint", rate(failed))+" / "+all, all), "{{entrypoint}}"}},
		},
		{
			kind: lines, title: "Latency, 95 %", unit: units.Seconds,
			description: "The time within which 95 % of the requests are answered, services included.",
			queries: []query{{
				quantile(0.95, "entrypoint", metric("traefik", "traefik_entrypoint_request_duration_seconds_bucket")),
				"{{entrypoint}}",
			}},
		},
		{
			kind: lines, title: "Age of the configuration", unit: units.Seconds,
			description: "The time since each pod last took over a change of an Ingress.",
			queries: []query{{
				"time() - " + highest(contract.LabelPod, metric("traefik", "traefik_config_last_reload_success")), byPod,
			}},
		},
	}
}

// externalSecrets reads the metrics of synchronization
// (https://github.com/external-secrets/external-secrets/blob/v0.20.4/docs/api/metrics.md).
func externalSecrets() []panel {
	condition := func(status string) string {
		return metric("external-secrets", "externalsecret_status_condition", `condition="Ready"`, `status="`+status+`"`)
	}
	return []panel{
		{
			kind: lines, title: "Secrets", unit: units.Short,
			description: "Secrets that are as their source has them, and others.",
			queries:     []query{{total(highest(byNamespace(name), condition("True"))), "ready"}},
		},
		{
			kind: lines, title: "Secrets that do not sync", unit: units.Short,
			description: "1 for a Secret that cannot be read from its source. Pods keep the former value.",
			queries:     []query{{highest(byNamespace(name), condition("False")), within(name)}},
		},
		{
			kind: lines, title: "Synchronizations", unit: units.OpsPerSecond,
			description: "Attempts to write a Secret from its source, and those that failed.",
			queries: []query{
				{total(rate(metric("external-secrets", "externalsecret_sync_calls_total"))), "all"},
				{total(rate(metric("external-secrets", "externalsecret_sync_calls_error"))), "failed"},
			},
		},
	}
}

// keda reads the metrics of triggers (https://keda.sh/docs/2.21/integrations/prometheus).
func keda() []panel {
	const each = contract.LabelNamespace + ", scaledObject"
	legend := within("scaledObject")
	return []panel{
		{
			kind: lines, title: "What autoscalers are told", unit: units.Short,
			description: "The value of each trigger that KEDA reads itself: requests per second of all pods of a service.",
			queries:     []query{{highest(each, metric("keda", "keda_scaler_metrics_value")), legend}},
		},
		{
			kind: lines, title: "Failures", unit: units.OpsPerSecond,
			description: "Metrics that could not be read. After three in a row the number of pods is held.",
			queries:     []query{{sum(each, rate(metric("keda", "keda_scaler_detail_errors_total"))), legend}},
		},
		{
			kind: lines, title: "Paused", unit: units.Short,
			description: "1 for a service whose autoscaling somebody paused by an annotation.",
			queries:     []query{{highest(each, metric("keda", "keda_scaled_object_paused")), legend}},
		},
	}
}

// argoRollouts reads the metrics of releases
// (https://github.com/argoproj/argo-rollouts/blob/v1.10.1/controller/metrics/prommetrics.go).
func argoRollouts() []panel {
	rollouts := metric("argo-rollouts", "rollout_info")
	replicas := func(kind string) query {
		series := metric("argo-rollouts", "rollout_info_replicas_"+kind)
		return query{highest(byNamespace(name), series), within(name) + " " + kind}
	}
	return []panel{
		{
			kind: lines, title: "Rollouts by phase", unit: units.Short,
			description: "Rollouts by phase. Paused ones wait for a judgement, degraded ones went back to the former version.",
			queries:     []query{{"count by (phase) (" + highest(byNamespace(name)+", phase", rollouts) + ")", "{{phase}}"}},
		},
		{
			kind: lines, title: "Replicas", unit: units.Short,
			description: "The pods that each Rollout wants, and those of the new version.",
			queries:     []query{replicas("desired"), replicas("updated")},
		},
		{
			kind: lines, title: "Time to handle a change", unit: units.Seconds,
			description: "The time within which the controller handles 95 % of the changes of a Rollout.",
			queries: []query{{
				quantile(0.95, byNamespace(name), metric("argo-rollouts", "rollout_reconcile_bucket")), within(name),
			}},
		},
	}
}

// certManager reads the metrics of certificates and controllers
// (https://cert-manager.io/docs/devops-tips/prometheus-metrics,
// https://github.com/cert-manager/cert-manager/blob/v1.21.2/internal/collectors/certificate_collector.go).
func certManager() []panel {
	ready := metric("cert-manager", "certmanager_certificate_ready_status", `condition="True"`)
	expiry := metric("cert-manager", "certmanager_certificate_expiration_timestamp_seconds")
	return []panel{
		{
			kind: lines, title: "Time until certificates expire", unit: units.Seconds,
			description: "It rises when a certificate is renewed, a month before its end. A line that goes on falling is one " +
				"that could not be renewed.",
			queries: []query{{highest(byNamespace(name), expiry) + " - time()", within(name)}},
		},
		{
			kind: lines, title: "Certificates that are ready", unit: units.Short,
			description: "1 for a certificate that is valid and as it was asked for, 0 for any other.",
			queries:     []query{{highest(byNamespace(name), ready), within(name)}},
		},
		{
			kind: lines, title: "Work of the controllers", unit: units.OpsPerSecond,
			description: "Changes that each controller handles. Many for a long time are attempts that fail.",
			queries: []query{{
				sum("controller", rate(metric("cert-manager", "certmanager_controller_sync_call_count"))), "{{controller}}",
			}},
		},
	}
}

// sealedSecrets reads the metrics of decryption
// (https://github.com/bitnami/sealed-secrets/blob/v0.40.0/pkg/controller/metrics.go).
func sealedSecrets() []panel {
	return []panel{
		{
			kind: lines, title: "Decryptions", unit: units.OpsPerSecond,
			description: "Attempts to write a Secret from its sealed form.",
			queries: []query{{
				total(rate(metric("sealed-secrets", "sealed_secrets_controller_unseal_requests_total"))), "all",
			}},
		},
		{
			kind: lines, title: "Secrets that are written", unit: units.Short,
			description: "1 for a Secret that is as its sealed form says, -1 for one that cannot be decrypted.",
			queries: []query{{
				highest(byNamespace(name), metric("sealed-secrets", "sealed_secrets_controller_condition_info")), within(name),
			}},
		},
	}
}

// name is the label of an operator's series with the name of the object that they describe.
const name = "name"

// metric returns a metric of an operator. Its scrape job has its name.
func metric(operator, called string, matchers ...string) string {
	return job(operator, matchers...).Of(called)
}
