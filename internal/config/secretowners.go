package config

import (
	"maps"
	"slices"
	"strings"

	"github.com/dreamseed/platform/monitoring"
	"github.com/dreamseed/platform/secrets"
	"github.com/dreamseed/platform/services"
	"github.com/dreamseed/platform/services/catalogue"
)

// SecretOwner is a part of the configuration that declares secrets.
type SecretOwner struct {
	secrets.Owner
	// Section is the path of its section below the project's name, such as services and auth.
	Section []string
	// Namespace is the namespace of its Secrets.
	Namespace string
	// Secrets are the declared secrets by key.
	Secrets map[string]catalogue.Secret
}

// SecretOwners returns the parts of the environment that declare secrets: the services, and the monitoring if it is the
// platform's own.
func (c *Config) SecretOwners() []SecretOwner {
	var owners []SecretOwner
	for _, service := range c.Services {
		owners = append(owners, SecretOwner{
			Owner: services.SecretOwner(service), Section: []string{"services", service.Name},
			Namespace: c.Environment.Namespace(), Secrets: service.Secrets,
		})
	}
	if c.Monitoring.IsOwn() {
		owners = append(owners, SecretOwner{
			Owner: monitoring.Owner, Section: []string{"monitoring"},
			Namespace: MonitoringNamespace, Secrets: c.Monitoring.Secrets,
		})
	}
	return owners
}

// Keys returns the keys of the owner's secrets, sorted.
func (o SecretOwner) Keys() []string { return slices.Sorted(maps.Keys(o.Secrets)) }

// Path returns the path of a secret below the project's name, such as services.auth.secrets.DATABASE_URL.
func (o SecretOwner) Path(key string) string {
	return strings.Join(append(slices.Clone(o.Section), "secrets", key), ".")
}
