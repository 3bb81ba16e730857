package catalogue

import (
	"maps"
	"slices"

	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/dreamseed/platform/monitoring/objective"
)

// services is the catalogue. Every service listed here is deployed, and there are no others.
var services = map[string]Service{
	"assessment": {
		Priority: Standard, Needs: everyStore, Autoscaling: between(3, 20).byRequests(seedsRequestsPerSecond),
		Availability: Availability{Floor: 2},
	},
	"content": {
		Priority: Standard, Needs: everyStore, Autoscaling: between(4, 20), Availability: Availability{Floor: 2},
		Spot: Spot{Allowed: true, OnDemandFloor: 2},
	},
	"analytics": {
		Priority: Background, Needs: everyStore, Autoscaling: between(2, 10), Availability: Availability{Floor: 1},
		Spot: Spot{Allowed: true, OnDemandFloor: 1},
	},
	"ai-tutor": {
		Priority: Standard, Needs: everyStore, Internet: true, Autoscaling: between(4, 20),
		Availability: Availability{Floor: 2},
		Spot:         Spot{Allowed: true, OnDemandFloor: 2},
	},
	"user": {Priority: Standard, Needs: everyStore, Autoscaling: between(3, 10), Availability: Availability{Floor: 2}},
	"auth": {
		Priority: Critical, Needs: everyStore, NeverSpot: true, Autoscaling: between(3, 10),
		Availability: Availability{Floor: 2},
		Secrets:      map[string]Secret{"TOKEN_SIGNING_KEY": {Generate: 64}},
	},
	"payment": {
		Priority: Critical, Needs: everyStore, NeverSpot: true, Internet: true, Autoscaling: between(3, 10),
		Availability: Availability{Floor: 2},
	},
}

// Names returns the services in alphabetical order.
func Names() []string { return slices.Sorted(maps.Keys(services)) }

// Lookup returns a service with its defaults, and whether it is in the catalogue.
func Lookup(name string) (Service, bool) {
	service, found := services[name]
	service.Name = name
	service.Secrets = withDatabase(service)
	service.Resources = defaultResources()
	service.Migration = defaultMigration()
	service.Release = defaultRelease()
	service.Objectives = objective.Default()
	return service, found
}

// withDatabase adds the secret of a service with a database. Each caller gets its own map.
func withDatabase(service Service) map[string]Secret {
	all := map[string]Secret{}
	if service.Needs.Postgres {
		all[DatabaseURL] = Secret{}
	}
	maps.Copy(all, service.Secrets)
	return all
}

// defaultResources returns the figures that the seven services were sized with.
func defaultResources() Resources {
	return Resources{
		Requests: Amounts{CPU: resource.MustParse("250m"), Memory: resource.MustParse("512Mi")},
		Limits:   Amounts{CPU: resource.MustParse("500m"), Memory: resource.MustParse("1Gi")},
	}
}
