package alert

import (
	"slices"

	"github.com/dreamseed/platform/monitoring/contract"
	"github.com/dreamseed/platform/monitoring/rule"
)

// certManager is the name of the operator that issues certificates.
const certManager = "cert-manager"

func (e Environment) certificates() rule.Group {
	if !slices.Contains(e.Operators, certManager) {
		return rule.Group{}
	}
	return group("certificates",
		certificateExpiring(rule.Ticket, "21"), certificateExpiring(rule.Page, "3"), certificateNotReady())
}

// certificateExpiring reads a metric of https://cert-manager.io/docs/devops-tips/prometheus-metrics. Certificates of
// Let's Encrypt live for 90 days and are renewed 30 days before their end: below 21 the renewal has failed for more
// than a week. A certificate that was never issued has the value 0; certificateNotReady is for it.
func certificateExpiring(severity rule.Severity, days string) definition {
	expires := ofJob(certManager).Of("certmanager_certificate_expiration_timestamp_seconds")
	return definition{
		name: "CertificateExpiring", severity: severity, lasting: "15m",
		expr:        "min by (name) (" + expires + " > 0) - time() < " + days + " * 86400",
		summary:     "Certificate {{ $labels.name }} expires",
		description: "Certificate {{ $labels.name }} expires in {{ $value | humanizeDuration }}, and is not renewed.",
	}
}

func certificateNotReady() definition {
	ready := ofJob(certManager, contract.Equal("condition", "True")).Of("certmanager_certificate_ready_status")
	return definition{
		name: "CertificateNotReady", severity: rule.Ticket, lasting: "30m",
		expr:        "max by (name) (" + ready + ") == 0",
		summary:     "Certificate {{ $labels.name }} is not issued",
		description: "cert-manager has tried for half an hour to issue certificate {{ $labels.name }}.",
	}
}
