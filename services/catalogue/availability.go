package catalogue

import "github.com/dreamseed/platform/services/availability"

// Availability configures the availability of a service while the platform moves its pods.
type Availability struct {
	// Floor is the number of ready pods that every release, every drain of a node, and every loss of a zone or of all spot
	// nodes leaves. The disruption budget and the spread over zones follow from it. 0 lets the service be unavailable for
	// a while. A change applies in place.
	Floor int `json:"floor"`
	// GraceSeconds is the termination grace period, including the 5 seconds in which the pod is taken out of rotation.
	// Default 30, or what the cloud leaves a pod of a spot node where the service may run there. A change rolls the pods.
	GraceSeconds int `json:"graceSeconds"`
}

// Spot configures the use of spot capacity, which the cloud takes back within seconds.
type Spot struct {
	// Allowed lets the pods onto spot nodes, which they then prefer. Payment and auth never may. A change rolls the pods.
	Allowed bool `json:"allowed"`
	// OnDemandFloor is the number of pods that stay on on-demand nodes whatever happens to the spot ones, not less than
	// availability.floor. A change rolls the pods.
	OnDemandFloor int `json:"onDemandFloor"`
}

// Statement returns everything that determines the availability of the service.
func (s Service) Statement() availability.Statement {
	return availability.Statement{
		Floor:         s.Availability.Floor,
		MinReplicas:   s.Autoscaling.MinReplicas,
		MaxReplicas:   s.Autoscaling.MaxReplicas,
		Spot:          s.Spot.Allowed,
		OnDemandFloor: s.Spot.OnDemandFloor,
		GraceSeconds:  s.Availability.GraceSeconds,
	}
}
