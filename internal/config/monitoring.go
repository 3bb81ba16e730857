package config

import (
	"github.com/dreamseed/platform/internal/invalid"
	"github.com/dreamseed/platform/monitoring"
	"github.com/dreamseed/platform/services/catalogue"
)

// defaultMonitoring returns the defaults of an environment's monitoring.
func defaultMonitoring(of Environment) monitoring.Spec {
	if of == Production {
		return monitoring.DefaultInProduction()
	}
	return monitoring.Default()
}

func (c *Config) validateMonitoring(problems *invalid.Problems) {
	c.Monitoring.Validate(monitoring.Surroundings{
		MaxPods:  catalogue.Peak(c.Services).Pods,
		Required: c.Environment != Local,
		URL:      prometheusRule.validate,
		Sealing:  c.Secrets.sealing(),
	}, problems)
}

// PrometheusURL returns the query API of the environment's Prometheus, as the cluster reaches it.
func (c *Config) PrometheusURL() string {
	if c.Monitoring.IsOwn() {
		return monitoring.OwnURL(MonitoringNamespace)
	}
	return c.Monitoring.URL
}
