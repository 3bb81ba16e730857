package config

import (
	"slices"

	"github.com/dreamseed/platform/internal/operator"
	"github.com/dreamseed/platform/services/catalogue"
)

// Operators are the operators that the stack uses, sorted.
func (c *Config) Operators() []operator.Name {
	if c.releasesByRollout() {
		return []operator.Name{operator.ArgoRollouts}
	}
	return nil
}

func (c *Config) releasesByRollout() bool {
	return slices.ContainsFunc(c.Services, func(service catalogue.Service) bool {
		return service.Release.Strategy.ByRollout()
	})
}
