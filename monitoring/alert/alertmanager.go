package alert

import (
	"github.com/dreamseed/platform/monitoring/contract"
	"github.com/dreamseed/platform/monitoring/rule"
)

// ofAlertmanager selects the metrics of Alertmanager v0.35 about itself.
var ofAlertmanager = ofJob(contract.JobAlertmanager)

func alertmanager() rule.Group {
	return group("alertmanager",
		reloadFailed("AlertmanagerConfigReloadFailed", "Alertmanager",
			ofAlertmanager.Of("alertmanager_config_last_reload_successful")),
		alertmanagerClusterIncomplete(), alertmanagerNotificationsFailing())
}

// alertmanagerClusterIncomplete compares the replicas that one knows with those that are scraped: replicas that do not
// know each other notify twice.
func alertmanagerClusterIncomplete() definition {
	return definition{
		name: "AlertmanagerClusterIncomplete", severity: rule.Ticket, lasting: "15m",
		expr: ofAlertmanager.Of("alertmanager_cluster_members") + "\n  < on () group_left () count(" +
			ofAlertmanager.Of("up") + ")",
		summary: "Replicas of Alertmanager do not know each other",
		description: "{{ $labels.instance }} knows {{ $value }} replicas, itself included, and there are more: " +
			"receivers get alerts twice, and a silence holds on one replica alone.",
	}
}

// alertmanagerNotificationsFailing pages, because the receiver of tickets may be the one that fails, and an alert that
// nobody gets is an outage in waiting.
func alertmanagerNotificationsFailing() definition {
	byIntegration := func(metric string) string {
		return "sum by (instance, integration) (rate(" + ofAlertmanager.Of(metric) + "[5m]))"
	}
	return definition{
		name: "AlertmanagerNotificationsFailing", severity: rule.Page, lasting: "10m",
		expr: byIntegration("alertmanager_notifications_failed_total") + "\n  / " +
			byIntegration("alertmanager_notifications_total") + " > 0.05",
		summary: "Alertmanager cannot notify by {{ $labels.integration }}",
		description: "{{ $value | humanizePercentage }} of the notifications of {{ $labels.instance }} by " +
			"{{ $labels.integration }} fail.",
	}
}
