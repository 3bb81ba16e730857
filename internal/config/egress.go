package config

import (
	"net/netip"

	"github.com/dreamseed/platform/services/catalogue"
)

// closed are the ranges that no declared destination opens: where clouds hand out credentials, and what is in the
// cluster, to which network policies between pods lead.
func (c *Config) closed() []catalogue.Closed {
	all := catalogue.CredentialServers()
	for _, own := range []struct{ text, what string }{
		{c.Cluster.Network.Pods, "the cluster's own pods (cluster.network.pods)"},
		{c.Cluster.Network.Services, "the cluster's own Services (cluster.network.services)"},
	} {
		if prefix, err := netip.ParsePrefix(own.text); err == nil {
			all = append(all, catalogue.Closed{Range: prefix.Masked(), What: own.what})
		}
	}
	return all
}

// closeEgress takes out of each declared destination what stays closed.
func (c *Config) closeEgress() {
	closed := c.closed()
	for i := range c.Egress {
		c.Egress[i] = c.Egress[i].WithoutClosed(closed)
	}
	for _, service := range c.Services {
		for i := range service.Egress {
			service.Egress[i] = service.Egress[i].WithoutClosed(closed)
		}
	}
}
