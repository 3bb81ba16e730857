package config

import "k8s.io/apimachinery/pkg/api/resource"

// Volumes returns the sizes of the volumes that the stack claims. Those of the monitoring are claimed with the
// services, not before.
func (c *Config) Volumes() []resource.Quantity {
	sizes := c.Logs.Volumes()
	if !c.Secrets.Bootstrap {
		sizes = append(sizes, c.Monitoring.Volumes()...)
	}
	return sizes
}
