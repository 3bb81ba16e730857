package catalogue

import (
	"maps"
	"slices"

	"k8s.io/apimachinery/pkg/api/resource"
)

// seven is the catalogue. A service that is not listed here does not exist, and each one here is deployed.
var seven = map[string]Service{
	"assessment": {Priority: Standard, Replicas: 3, MaxReplicas: 20},
	"content":    {Priority: Standard, Replicas: 3, MaxReplicas: 20},
	"analytics":  {Priority: Background, Replicas: 2, MaxReplicas: 10},
	"ai-tutor":   {Priority: Standard, Internet: true, Replicas: 3, MaxReplicas: 20},
	"user":       {Priority: Standard, Replicas: 3, MaxReplicas: 10},
	"auth":       {Priority: Critical, Replicas: 3, MaxReplicas: 10},
	"payment":    {Priority: Critical, Internet: true, Replicas: 3, MaxReplicas: 10},
}

// Names lists the services in alphabetical order.
func Names() []string { return slices.Sorted(maps.Keys(seven)) }

// Lookup returns a service with its defaults, and whether it is in the catalogue.
func Lookup(name string) (Service, bool) {
	service, found := seven[name]
	service.Name = name
	service.Resources = defaultResources()
	return service, found
}

// defaultResources are the figures that the seven services were sized with.
func defaultResources() Resources {
	return Resources{
		Requests: Amounts{CPU: resource.MustParse("250m"), Memory: resource.MustParse("512Mi")},
		Limits:   Amounts{CPU: resource.MustParse("500m"), Memory: resource.MustParse("1Gi")},
	}
}
