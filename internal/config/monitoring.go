package config

import (
	"slices"

	"github.com/dreamseed/platform/cluster"
	"github.com/dreamseed/platform/internal/ingress"
	"github.com/dreamseed/platform/internal/invalid"
	"github.com/dreamseed/platform/monitoring"
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
		MaxPods:     c.Peak().Pods,
		Default:     defaultMonitoring(c.Environment),
		Required:    c.Environment != Local,
		GrafanaHost: c.validateGrafanaHost,
		URL:         prometheusRule.validate,
		Sealing:     c.Secrets.sealing(),
	}, problems)
}

// validateGrafanaHost checks a name that the ingress of the environment serves beside its own. The rules of the ingress
// and of the cluster cover their own keys.
func (c *Config) validateGrafanaHost(key, host string, problems *invalid.Problems) {
	if !cluster.IsHostname(host) {
		problems.Add(key, host, "must be a DNS name such as grafana.learn.dreamseed.ai, no address")
		return
	}
	class, dns := c.Ingress.ClassName, c.Cluster.DNS
	for _, one := range []struct {
		broken bool
		rule   string
		value  string
	}{
		{
			!c.Ingress.Enabled() && !c.Cluster.Cloud.Managed(), "must not be given: without %s nothing answers there",
			"ingress.host",
		},
		{
			class != ingress.Traefik, "must not be given with another ingress.className than %s: it would ask for no password",
			ingress.Traefik,
		},
		{host == c.Ingress.Host, "must differ from %s: the services are there", "ingress.host"},
		{
			c.Cluster.Cloud.Managed() && host != c.Ingress.Host && !slices.Contains(dns.Aliases, host),
			"must be one of cluster.dns.aliases (%s): no other name leads here", invalid.Listed(dns.Aliases),
		},
	} {
		if one.broken {
			problems.Add(key, host, one.rule, one.value)
		}
	}
}

// PrometheusURL returns the query API of the environment's Prometheus, as the cluster reaches it.
func (c *Config) PrometheusURL() string {
	if c.Monitoring.IsOwn() {
		return monitoring.OwnURL(MonitoringNamespace)
	}
	return c.Monitoring.URL
}
