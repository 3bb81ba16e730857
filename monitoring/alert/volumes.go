package alert

import (
	"github.com/dreamseed/platform/monitoring/contract"
	"github.com/dreamseed/platform/monitoring/rule"
)

// volumes has no alert on a trend: Prometheus fills its volume evenly up to the size of its retention, and stays there.
func (e Environment) volumes() rule.Group {
	return group("volumes", e.volumeFilling(rule.Ticket, "0.85", "15m"), e.volumeFilling(rule.Page, "0.95", "5m"))
}

// volumeFilling reads metrics of https://kubernetes.io/docs/reference/instrumentation/metrics. They exist on nodes that
// mount a claim, and only if the driver of the volume reports them.
func (e Environment) volumeFilling(severity rule.Severity, above, lasting string) definition {
	of := ofJob(contract.JobKubeletVolumes, e.ownNamespaces())
	return definition{
		name: "VolumeFilling", severity: severity, lasting: lasting,
		expr: "max by (namespace, persistentvolumeclaim) (\n  1 - " + of.Of("kubelet_volume_stats_available_bytes") +
			" / " + of.Of("kubelet_volume_stats_capacity_bytes") + "\n) > " + above,
		summary: "The volume of {{ $labels.persistentvolumeclaim }} is filling",
		description: "{{ $value | humanizePercentage }} of the volume of claim {{ $labels.persistentvolumeclaim }} in " +
			"{{ $labels.namespace }} is used.",
	}
}
