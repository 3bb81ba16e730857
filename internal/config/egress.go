package config

import (
	"net/netip"

	"github.com/dreamseed/platform/services/catalogue"
)

// Closed returns the ranges that no declared destination opens: the addresses at which clouds hand out credentials, and
// the inside of the cluster, which is opened by network policies between pods.
func (c *Config) Closed() []catalogue.Closed {
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

// closeEgress excludes the closed ranges from each declared destination.
func (c *Config) closeEgress() {
	closed := c.Closed()
	for i := range c.Egress {
		c.Egress[i] = c.Egress[i].WithoutClosed(closed)
	}
	for _, service := range c.Services {
		for i := range service.Egress {
			service.Egress[i] = service.Egress[i].WithoutClosed(closed)
		}
	}
}
