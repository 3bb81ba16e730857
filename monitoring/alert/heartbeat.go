package alert

import "github.com/dreamseed/platform/monitoring/rule"

// Heartbeat is the name of the alert that always fires.
const Heartbeat = "Watchdog"

// heartbeat holds the dead man's switch: an alert that always fires. Its receiver outside the cluster complains when it
// stops, which is when rules, Prometheus, Alertmanager or the way out no longer work.
func heartbeat() rule.Group {
	return group("heartbeat", definition{
		name: Heartbeat, severity: rule.Heartbeat,
		expr:        "vector(1)",
		summary:     "Alerting works",
		description: "This alert always fires. It is for a receiver that notices when it stops.",
	})
}
