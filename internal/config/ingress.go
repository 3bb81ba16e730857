package config

import (
	"slices"

	"k8s.io/apimachinery/pkg/util/validation"

	"github.com/dreamseed/platform/cluster"
	"github.com/dreamseed/platform/internal/ingress"
	"github.com/dreamseed/platform/internal/invalid"
)

// defaultIngress sets the defaults that depend on the rest of the configuration.
func (c *Config) defaultIngress() {
	if c.Ingress.Host == "" && c.Cluster.Cloud.Managed() {
		c.Ingress.Host = c.Cluster.DNS.Host
	}
	if c.Ingress.Routes == nil {
		c.Ingress.Routes = ingress.DefaultRoutes(c.Ingress.ClassName)
	}
}

// validateIngress adds the mistakes of the ingress, including those that depend on the rest of the configuration.
func (c *Config) validateIngress(problems *invalid.Problems) {
	c.validateHost(problems)
	c.Ingress.Validate(problems)
	namespace := c.Ingress.ControllerNamespace
	installed := c.Ingress.ClassName == ingress.Traefik && c.Operators == Helm
	if installed && namespace != ingress.Traefik && len(validation.IsDNS1123Label(namespace)) == 0 {
		problems.Add("ingress.controllerNamespace", namespace,
			"must be %s, where the platform installs the controller (operators: %s)", ingress.Traefik, Helm)
	}
}

func (c *Config) validateHost(problems *invalid.Problems) {
	host, routes := c.Ingress.Host, c.Ingress.Routes
	switch managed := c.Cluster.Cloud.Managed(); {
	case host == "" && !managed && !slices.Equal(routes, ingress.DefaultRoutes(c.Ingress.ClassName)):
		problems.Add("ingress.host", nil, "must be given: without it there is no ingress, and so none of ingress.routes")
	case host == "": // the cluster's own rules cover its host
	case !cluster.IsHostname(host):
		if !managed || host != c.Cluster.DNS.Host { // the cluster's own rules cover its host
			problems.Add("ingress.host", host, "must be a DNS name such as learn.dreamseed.ai, no address")
		}
	case managed && host != c.Cluster.DNS.Host:
		problems.Add("ingress.host", host, "must be cluster.dns.host (%s): no other name leads here", c.Cluster.DNS.Host)
	}
}
