package redis

import (
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/dreamseed/platform/data/store"
	"github.com/dreamseed/platform/services/catalogue"
)

// Demand returns what the pod takes of its namespace. It ends before its successor starts.
func (s Spec) Demand() catalogue.Demand {
	if s.Mode != store.InCluster {
		return catalogue.Demand{}
	}
	return catalogue.Demand{Pods: 1, Requests: s.requests(), Limits: s.limits()}
}

// Volumes returns the sizes of the volumes that are claimed.
func (s Spec) Volumes() []resource.Quantity {
	if s.Mode != store.InCluster {
		return nil
	}
	return []resource.Quantity{s.Storage}
}

func (s Spec) requests() catalogue.Amounts {
	all := s.serverRequests()
	all.Add(exporterRequests(), 1)
	return all
}

func (s Spec) limits() catalogue.Amounts {
	all := s.serverLimits()
	all.Add(exporterLimits(), 1)
	return all
}

// serverRequests asks for all of the memory: Valkey fills it sooner or later.
func (s Spec) serverRequests() catalogue.Amounts {
	return catalogue.Amounts{CPU: resource.MustParse("100m"), Memory: s.Memory}
}

// serverLimits leaves a processor for commands, and one for the rewrite of the file.
func (s Spec) serverLimits() catalogue.Amounts {
	return catalogue.Amounts{CPU: resource.MustParse("2"), Memory: s.Memory}
}

// exporterRequests are for some 20 MB when idle.
func exporterRequests() catalogue.Amounts {
	return catalogue.Amounts{CPU: resource.MustParse("10m"), Memory: resource.MustParse("32Mi")}
}

func exporterLimits() catalogue.Amounts {
	return catalogue.Amounts{CPU: resource.MustParse("100m"), Memory: resource.MustParse("64Mi")}
}
