package config

import (
	"slices"

	"k8s.io/apimachinery/pkg/api/resource"
)

// Volumes returns the sizes of the volumes that the stack claims. Those of the monitoring and of the data stores
// are claimed with the services, not before.
func (c *Config) Volumes() []resource.Quantity {
	if c.Secrets.Bootstrap {
		return c.Logs.Volumes()
	}
	return slices.Concat(c.Logs.Volumes(), c.Monitoring.Volumes(), c.Data.Volumes(c.Services))
}
