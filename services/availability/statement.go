// Package availability computes, from one statement per service, everything that keeps enough of its pods running: the
// disruption budget, the spread over zones and over spot and on-demand capacity, and the termination grace period. It
// also refuses statements that the cluster cannot keep.
package availability

// Statement describes the availability that a service needs from the platform.
type Statement struct {
	// Floor is the number of ready pods that every release, every drain, and every loss of one zone or of all spot nodes
	// leaves, as long as only one of these happens at a time. 0: the service may be unavailable.
	Floor int
	// MinReplicas and MaxReplicas bound the number of pods.
	MinReplicas, MaxReplicas int
	// Spot allows the pods on spot capacity.
	Spot bool
	// OnDemandFloor is the least number of pods on on-demand capacity. Only with Spot.
	OnDemandFloor int
	// GraceSeconds is the termination grace period. 0: Plan computes it.
	GraceSeconds int
}

// Place describes the cluster as far as availability depends on it.
type Place struct {
	// Zones is the number of failure domains. 0: unknown; only rules that depend on no cluster are checked then.
	Zones int
	// OnDemandPools and SpotPools are the node pools. Each spreads its nodes evenly over the zones.
	OnDemandPools, SpotPools []Pool
	// SpotGraceSeconds is the time that the cloud leaves a pod on a spot node between the notice and its end.
	SpotGraceSeconds int
}

// Pool is a node pool.
type Pool struct {
	// MinNodes is the number of nodes that exist at any time.
	MinNodes int
}

// Plan holds the figures that follow from a statement.
type Plan struct {
	// MinAvailable is the minAvailable of the disruption budget.
	MinAvailable int
	// ZoneSkew and CapacitySkew are the most by which two zones, or spot and on-demand nodes, may differ in pods of one
	// release, as a condition of scheduling. A CapacitySkew of 0 sets no condition.
	ZoneSkew, CapacitySkew int
	// GraceSeconds is the termination grace period; a pod goes on serving for the first DrainSeconds of it.
	GraceSeconds, DrainSeconds int
}

const (
	// MaxSurgePercent is the share of pods that a release may add beside the running ones, in percent of those, rounded
	// up. A release removes no running pod before its replacement is ready.
	MaxSurgePercent = 25
	// drainSeconds is the time until every node knows that a pod is out of rotation.
	drainSeconds = 5
	// defaultGraceSeconds is Kubernetes' own default.
	defaultGraceSeconds = 30
	// zoneSkew is the smallest skew that Kubernetes allows.
	zoneSkew = 1
)

// Plan returns the figures that keep the statement. The result is meaningful only for a statement that Check accepts.
func (s Statement) Plan(at Place) Plan {
	return Plan{
		MinAvailable: s.Floor,
		ZoneSkew:     zoneSkew,
		CapacitySkew: s.capacitySkew(at),
		GraceSeconds: s.grace(at),
		DrainSeconds: drainSeconds,
	}
}

func (s Statement) grace(at Place) int {
	switch {
	case s.GraceSeconds > 0:
		return s.GraceSeconds
	case s.Spot:
		return min(defaultGraceSeconds, at.SpotGraceSeconds)
	default:
		return defaultGraceSeconds
	}
}

// capacitySkew returns the largest skew that keeps the on-demand floor: a smaller one holds pods back for no reason.
func (s Statement) capacitySkew(at Place) int {
	if !s.Spot || len(at.SpotPools) == 0 {
		return 0
	}
	return max(1, s.MinReplicas-2*s.OnDemandFloor+1)
}

// largestZone returns the number of pods in the fullest zone when the zones differ by at most one. Only the zones that
// surely have an on-demand node count: until the others get a node, all pods run in these.
func largestZone(pods int, at Place) int {
	sure := at.sureZones()
	if sure == 0 {
		return pods
	}
	return (pods + sure - 1) / sure
}

// sureZones returns the number of zones that surely have an on-demand node. Two pools may have theirs in the same
// zones.
func (p Place) sureZones() int {
	most := 0
	for _, pool := range p.OnDemandPools {
		most = max(most, min(pool.MinNodes, p.Zones))
	}
	return most
}

// onDemand returns the most pods that a spread can keep on on-demand nodes: with the smallest skew, spot nodes hold at
// most one pod more than these.
func onDemand(pods int, at Place) int {
	if at.sureZones() == 0 {
		return 0
	}
	return pods / 2
}
