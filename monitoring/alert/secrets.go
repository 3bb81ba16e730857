package alert

import (
	"slices"
	"strings"

	"github.com/dreamseed/platform/monitoring/contract"
	"github.com/dreamseed/platform/monitoring/rule"
)

// The operators that write Secrets.
const (
	externalSecrets = "external-secrets"
	sealedSecrets   = "sealed-secrets"
)

// secrets covers the operators that are installed. Services always have secrets: no series means that the operator
// reports nothing.
func (e Environment) secrets() rule.Group {
	var each []string
	for _, one := range []struct{ operator, expr string }{
		{externalSecrets, externalNotSynced()}, {sealedSecrets, sealedNotSynced()},
	} {
		if slices.Contains(e.Operators, one.operator) {
			each = append(each, one.expr)
		}
	}
	if len(each) == 0 {
		return rule.Group{}
	}
	return group("secrets", definition{
		name: "SecretNotSynced", severity: rule.Ticket, lasting: "15m",
		expr: strings.Join(each, "\nor "),
		summary: "{{ with $labels.name }}Secret {{ . }} is not synchronized" +
			"{{ else }}No secret is reported{{ end }}",
		description: "{{ with $labels.name }}The operator cannot write Secret {{ . }}" +
			"{{ else }}The operator reports no secret at all{{ end }}. " +
			"Running pods keep the former value; the next release waits.",
	})
}

// externalNotSynced reads a metric of https://external-secrets.io/v0.20.4/api/metrics.
func externalNotSynced() string {
	const metric = "externalsecret_status_condition"
	ready := ofJob(externalSecrets, contract.Equal("condition", "Ready"))
	notReady := ready.And(contract.Equal("status", "False")).Of(metric)
	return "max by (name) (" + notReady + ") == 1\nor " + absent(ready, metric)
}

// sealedNotSynced reads a metric that is -1 for a condition that is false
// (https://github.com/bitnami-labs/sealed-secrets/blob/v0.40.0/pkg/controller/metrics.go).
func sealedNotSynced() string {
	const metric = "sealed_secrets_controller_condition_info"
	synced := ofJob(sealedSecrets, contract.Equal("condition", "Synced"))
	return "min by (name) (" + synced.Of(metric) + ") < 0\nor " + absent(synced, metric)
}
