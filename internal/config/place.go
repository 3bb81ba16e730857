package config

import (
	"github.com/dreamseed/platform/cluster"
	"github.com/dreamseed/platform/services/availability"
)

// Place describes where pods can run, as far as the availability of a service depends on it.
func Place(spec *cluster.Spec) availability.Place {
	place := availability.Place{Zones: len(spec.Zones), SpotGraceSeconds: spec.Cloud.Spot().GracePeriodSeconds}
	for _, pool := range spec.NodePools {
		nodes := availability.Pool{MinNodes: pool.MinNodes}
		if pool.Spot {
			place.SpotPools = append(place.SpotPools, nodes)
		} else {
			place.OnDemandPools = append(place.OnDemandPools, nodes)
		}
	}
	return place
}
