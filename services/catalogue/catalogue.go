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
		Priority: Standard, Autoscaling: between(3, 20).byRequests(seedsRequestsPerSecond),
		Needs:        everyStore().produces("assessment-events").consumes("content-events").keeps("submissions"),
		Availability: Availability{Floor: 2},
	},
	"content": {
		Priority: Standard, Autoscaling: between(4, 20), Availability: Availability{Floor: 2},
		Needs: everyStore().produces("content-events").keeps("media"),
		Spot:  Spot{Allowed: true, OnDemandFloor: 2},
	},
	"analytics": {
		Priority: Background, Autoscaling: between(2, 10), Availability: Availability{Floor: 1},
		Needs: everyStore().consumes(
			"assessment-events", "content-events", "payment-events", "tutor-events", "user-events",
		).keeps("exports"),
		Spot: Spot{Allowed: true, OnDemandFloor: 1},
	},
	"ai-tutor": {
		Priority: Standard, Internet: true, Autoscaling: between(4, 20),
		Needs:        everyStore().produces("tutor-events").consumes("assessment-events"),
		Availability: Availability{Floor: 2},
		Spot:         Spot{Allowed: true, OnDemandFloor: 2},
	},
	"user": {
		Priority: Standard, Autoscaling: between(3, 10), Availability: Availability{Floor: 2},
		Needs: everyStore().produces("user-events").consumes("auth-events", "payment-events").keeps("avatars"),
	},
	"auth": {
		Priority: Critical, NeverSpot: true, Autoscaling: between(3, 10), Availability: Availability{Floor: 2},
		Needs:   everyStore().produces("auth-events"),
		Secrets: map[string]Secret{"TOKEN_SIGNING_KEY": {Generate: 64}},
	},
	"payment": {
		Priority: Critical, NeverSpot: true, Internet: true, Autoscaling: between(3, 10),
		Needs:        everyStore().produces("payment-events").consumes("user-events"),
		Availability: Availability{Floor: 2},
	},
}

// Names returns the services in alphabetical order.
func Names() []string { return slices.Sorted(maps.Keys(services)) }

// Lookup returns a service with its defaults, and whether it is in the catalogue.
func Lookup(name string) (Service, bool) {
	service, found := services[name]
	service.Name = name
	service.Needs = service.Needs.copied()
	service.Secrets = map[string]Secret{}
	maps.Copy(service.Secrets, services[name].Secrets)
	service.Resources = defaultResources()
	service.Migration = defaultMigration()
	service.Release = defaultRelease()
	service.Objectives = objective.Default()
	return service, found
}

// defaultResources returns the figures that the seven services were sized with.
func defaultResources() Resources {
	return Resources{
		Requests: Amounts{CPU: resource.MustParse("250m"), Memory: resource.MustParse("512Mi")},
		Limits:   Amounts{CPU: resource.MustParse("500m"), Memory: resource.MustParse("1Gi")},
	}
}
