package alert

import (
	"maps"

	"github.com/dreamseed/platform/monitoring/rule"
)

// definition is an alert as its authors see it. Summary and description are templates of Prometheus
// (https://prometheus.io/docs/prometheus/latest/configuration/template_reference).
type definition struct {
	name     string
	severity rule.Severity
	expr     string
	// lasting is how long the expression has to hold until the alert fires. Empty means at once.
	lasting string
	// labels are added to those of the expression's result.
	labels               map[string]string
	summary, description string
}

func (d definition) rule() rule.Rule {
	labels := map[string]string{rule.SeverityLabel: string(d.severity)}
	maps.Copy(labels, d.labels)
	return rule.Rule{
		Alert: d.name, Expr: d.expr, For: d.lasting, Labels: labels,
		Annotations: map[string]string{
			"summary":              d.summary,
			"description":          d.description,
			rule.RunbookAnnotation: Runbook(d.name),
		},
	}
}

func group(name string, alerts ...definition) rule.Group {
	group := rule.Group{Name: name}
	for _, alert := range alerts {
		group.Rules = append(group.Rules, alert.rule())
	}
	return group
}
