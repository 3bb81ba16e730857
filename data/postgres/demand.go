package postgres

import (
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/dreamseed/platform/data/store"
	"github.com/dreamseed/platform/services/catalogue"
)

// Demand returns the most that the pods in the cluster may request from the services' namespace at one moment: every
// instance, the Job that makes another one, the backups of all services at once, a restore and the drill. With a server
// of the cloud, it is the Job that makes databases, once for a new server and once on request.
func (s Spec) Demand(all []catalogue.Service) catalogue.Demand {
	services := len(declaring(all))
	var demand catalogue.Demand
	add := func(resources catalogue.Resources, pods int) {
		demand.Pods += pods
		demand.Requests.Add(resources.Requests, pods)
		demand.Limits.Add(resources.Limits, pods)
	}
	switch {
	case services == 0:
	case s.Mode == store.Managed:
		const registeredAndAsked = 2
		add(jobResources(), registeredAndAsked)
	case s.Mode == store.InCluster:
		add(s.Resources, s.Instances+1)
		if s.Backup.Enabled() {
			const restoreAndDrill = 2
			add(jobResources(), services+restoreAndDrill)
		}
	}
	return demand
}

// jobResources are those of a pod that dumps, uploads, fetches or restores. The drill runs a server within them.
func jobResources() catalogue.Resources {
	return catalogue.Resources{
		Requests: catalogue.Amounts{CPU: resource.MustParse("100m"), Memory: resource.MustParse("256Mi")},
		Limits:   catalogue.Amounts{CPU: resource.MustParse("1"), Memory: resource.MustParse("512Mi")},
	}
}

// Volumes returns the sizes of the volumes that the instances claim.
func (s Spec) Volumes() []resource.Quantity {
	if s.Mode != store.InCluster {
		return nil
	}
	var all []resource.Quantity
	for range s.Instances {
		all = append(all, s.Storage)
	}
	return all
}
