package objects

import (
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/dreamseed/platform/data/store"
	"github.com/dreamseed/platform/services/catalogue"
)

// Demand returns what the pod and the Job that makes the buckets take of their namespace.
func (s Spec) Demand() catalogue.Demand {
	if s.Mode != store.InCluster {
		return catalogue.Demand{}
	}
	demand := catalogue.Demand{Pods: 2}
	for _, one := range []struct{ requests, limits catalogue.Amounts }{
		{serverRequests(), serverLimits()}, {lifecycleRequests(), lifecycleLimits()}, {jobRequests(), jobLimits()},
	} {
		demand.Requests.Add(one.requests, 1)
		demand.Limits.Add(one.limits, 1)
	}
	return demand
}

// Volumes returns the sizes of the volumes that are claimed.
func (s Spec) Volumes() []resource.Quantity {
	if s.Mode != store.InCluster {
		return nil
	}
	return []resource.Quantity{s.Storage}
}

func amounts(cpu, memory string) catalogue.Amounts {
	return catalogue.Amounts{CPU: resource.MustParse(cpu), Memory: resource.MustParse(memory)}
}

// serverRequests are for 120 MB when idle; uploads of some 8 MB parts are held in memory.
func serverRequests() catalogue.Amounts { return amounts("100m", "256Mi") }

func serverLimits() catalogue.Amounts { return amounts("2", "1Gi") }

// lifecycleRequests are for a shell that sleeps, and its limits for the pass through the buckets.
func lifecycleRequests() catalogue.Amounts { return amounts("10m", "32Mi") }

func lifecycleLimits() catalogue.Amounts { return amounts("500m", "256Mi") }

func jobRequests() catalogue.Amounts { return amounts("10m", "32Mi") }

func jobLimits() catalogue.Amounts { return amounts("100m", "64Mi") }
