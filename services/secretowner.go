package services

import (
	"github.com/dreamseed/platform/secrets"
	"github.com/dreamseed/platform/services/catalogue"
)

// SecretOwner returns the owner of a service's Secrets.
func SecretOwner(service catalogue.Service) secrets.Owner {
	return secrets.Owner{Name: service.Name, Workload: service.Workload()}
}

// SecretSources returns the source of each of a service's secrets.
func SecretSources(service catalogue.Service) map[string]secrets.Source {
	sources := map[string]secrets.Source{}
	for key, secret := range service.Secrets {
		sources[key] = secrets.Source(secret)
	}
	return sources
}
