package alert

import (
	"fmt"

	"github.com/dreamseed/platform/monitoring/contract"
	"github.com/dreamseed/platform/monitoring/rule"
)

// ofPrometheus selects the metrics of Prometheus v3.16 about itself.
var ofPrometheus = ofJob(contract.JobPrometheus)

func (e Environment) prometheus() rule.Group {
	return group("prometheus", e.tooManySeries(),
		reloadFailed("PrometheusConfigReloadFailed", "Prometheus",
			ofPrometheus.Of("prometheus_config_last_reload_successful")),
		ruleEvaluationFailing(), prometheusNotificationsFailing(), prometheusWithoutAlertmanager())
}

// tooManySeries fires before the memory runs out: a Prometheus that is ended for its memory needs as much again to read
// its log at the start (https://github.com/prometheus/prometheus/issues/6934).
func (e Environment) tooManySeries() definition {
	return definition{
		name: "TooManySeries", severity: rule.Ticket, lasting: "15m",
		expr:    fmt.Sprintf("%s > 0.8 * %d", ofPrometheus.Of("prometheus_tsdb_head_series"), e.SeriesLimit),
		summary: "Prometheus has almost as many series as fit into its memory",
		description: fmt.Sprintf("{{ $labels.instance }} has {{ $value | humanize }} series; its memory is sized for %d.",
			e.SeriesLimit),
	}
}

// reloadFailed is about a gauge that is 1 after a successful reload, and 0 after a failed one.
func reloadFailed(name, of, successful string) definition {
	return definition{
		name: name, severity: rule.Ticket, lasting: "5m",
		expr:    successful + " == 0",
		summary: of + " refuses its configuration",
		description: "{{ $labels.instance }} could not load its configuration, keeps the former one, and will not start " +
			"with the new one.",
	}
}

func ruleEvaluationFailing() definition {
	failures := ofPrometheus.Of("prometheus_rule_evaluation_failures_total")
	return definition{
		name: "RuleEvaluationFailing", severity: rule.Ticket, lasting: "10m",
		expr:        increase("instance, rule_group", failures, "5m") + " > 0",
		summary:     "Rules cannot be evaluated",
		description: "{{ $labels.instance }} cannot evaluate rules of {{ $labels.rule_group }}: their alerts are blind.",
	}
}

// prometheusNotificationsFailing is about one Alertmanager; the others get the same alerts. A sent alert is one that
// arrived (https://github.com/prometheus/prometheus/blob/v3.16.0/notifier/sendloop.go).
func prometheusNotificationsFailing() definition {
	perAlertmanager := func(metric string) string {
		return "sum by (instance, alertmanager) (rate(" + ofPrometheus.Of(metric) + "[5m]))"
	}
	failed := perAlertmanager("prometheus_notifications_errors_total")
	return definition{
		name: "PrometheusNotificationsFailing", severity: rule.Ticket, lasting: "10m",
		expr:    failed + "\n  / (" + failed + " + " + perAlertmanager("prometheus_notifications_sent_total") + ") > 0.05",
		summary: "Alerts do not reach an Alertmanager",
		description: "{{ $value | humanizePercentage }} of the alerts of {{ $labels.instance }} do not reach " +
			"{{ $labels.alertmanager }}.",
	}
}

// prometheusWithoutAlertmanager pages through the other replica, if there is one. The heartbeat covers the rest.
func prometheusWithoutAlertmanager() definition {
	return definition{
		name: "PrometheusWithoutAlertmanager", severity: rule.Page, lasting: "10m",
		expr:        ofPrometheus.Of("prometheus_notifications_alertmanagers_discovered") + " < 1",
		summary:     "Prometheus knows no Alertmanager",
		description: "{{ $labels.instance }} has nowhere to send its alerts.",
	}
}
