package config

import (
	"slices"
	"strings"

	"github.com/dreamseed/platform/cluster"
	"github.com/dreamseed/platform/internal/ingress"
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
		MaxPods:     catalogue.Peak(c.Services).Pods,
		Default:     defaultMonitoring(c.Environment),
		Required:    c.Environment != Local,
		GrafanaHost: c.validateGrafanaHost,
		URL:         prometheusRule.validate,
		Sealing:     c.Secrets.sealing(),
	}, problems)
}

// validateGrafanaHost checks a name that the ingress of the environment serves beside its own.
func (c *Config) validateGrafanaHost(key, host string, problems *invalid.Problems) {
	switch aliases := c.Cluster.DNS.Aliases; {
	case !cluster.IsHostname(host):
		problems.Add(key, host, "must be a DNS name such as grafana.dreamseed.ai, no address")
	case !c.Ingress.Enabled():
		problems.Add(key, host, "must not be given: without ingress.host nothing answers there")
	case c.Ingress.ClassName != ingress.Traefik:
		problems.Add(key, host, "must not be given with ingress.className %s: only %s is known to ask for a password",
			c.Ingress.ClassName, ingress.Traefik)
	case host == c.Ingress.Host:
		problems.Add(key, host, "must differ from ingress.host: the services are there")
	case c.Cluster.Cloud.Managed() && !slices.Contains(aliases, host):
		problems.Add(key, host, "must be one of cluster.dns.aliases (%s): no other name leads here", orNone(aliases))
	}
}

func orNone(names []string) string {
	if len(names) == 0 {
		return "there is none"
	}
	return strings.Join(names, ", ")
}

// PrometheusURL returns the query API of the environment's Prometheus, as the cluster reaches it.
func (c *Config) PrometheusURL() string {
	if c.Monitoring.IsOwn() {
		return monitoring.OwnURL(MonitoringNamespace)
	}
	return c.Monitoring.URL
}
