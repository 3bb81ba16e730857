// Package availability computes, from one statement per service, everything that keeps enough of its pods: the
// disruption budget, the spread over zones and over spot and on-demand capacity, and how long a pod may take to leave.
// It also refuses statements that the cluster cannot keep.
package availability

// Statement is what a service needs of the platform.
type Statement struct {
	// Floor is the number of ready pods below which no release, no drain, and no loss of one zone or of all spot nodes
	// takes the service, as long as one of these happens at a time. 0: the service may be gone.
	Floor int
	// MinReplicas and MaxReplicas bound the pods that run.
	MinReplicas, MaxReplicas int
	// Spot lets the pods onto spot capacity.
	Spot bool
	// OnDemandFloor is how many pods are on on-demand capacity at least. Only with Spot.
	OnDemandFloor int
	// GraceSeconds is how long a pod that is told to stop may take. 0: what Plan computes.
	GraceSeconds int
}

// Place is the cluster, as far as availability depends on it.
type Place struct {
	// Zones are the failure domains. 0: nobody knows; only what depends on no cluster is checked then.
	Zones int
	// OnDemandPools and SpotPools are the node pools. Each spreads its nodes evenly over the zones.
	OnDemandPools, SpotPools []Pool
	// SpotGraceSeconds is what the cloud leaves a pod of a spot node between the notice and its end.
	SpotGraceSeconds int
}

// Pool is a node pool.
type Pool struct {
	// MinNodes is how many nodes there are at any time.
	MinNodes int
}

// Plan is what follows from a statement.
type Plan struct {
	// MinAvailable is the disruption budget's.
	MinAvailable int
	// ZoneSkew and CapacitySkew are the most by which two zones, or spot and on-demand nodes, may differ in pods of one
	// release, as a condition of scheduling. A CapacitySkew of 0 is none.
	ZoneSkew, CapacitySkew int
	// GraceSeconds is how long a pod that is told to stop may take; the first DrainSeconds of it, it goes on serving.
	GraceSeconds, DrainSeconds int
}

const (
	// MaxSurgePercent is how many pods a release may add beside the running ones, of the count that runs, rounded up. It
	// takes none of these away before others are ready.
	MaxSurgePercent = 25
	// drainSeconds is how long it takes until every node has heard that a pod is out of rotation.
	drainSeconds = 5
	// defaultGraceSeconds is Kubernetes' own default.
	defaultGraceSeconds = 30
	// zoneSkew is the smallest that there is.
	zoneSkew = 1
)

// Plan computes what keeps the statement. It is only worth something for one that Check accepts.
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

// capacitySkew is the largest that keeps the floor on demand: a smaller one holds pods back for no reason.
func (s Statement) capacitySkew(at Place) int {
	if !s.Spot || len(at.SpotPools) == 0 {
		return 0
	}
	return max(1, s.MinReplicas-2*s.OnDemandFloor+1)
}

// largestZone is the most pods that the fullest zone holds when the zones differ by one at most. Only the zones that
// surely have an on-demand node count: until a node comes to the others, all pods stand in these.
func largestZone(pods int, at Place) int {
	sure := at.sureZones()
	if sure == 0 {
		return pods
	}
	return (pods + sure - 1) / sure
}

// sureZones is how many zones surely have an on-demand node. Two pools may have theirs in the same ones.
func (p Place) sureZones() int {
	most := 0
	for _, pool := range p.OnDemandPools {
		most = max(most, min(pool.MinNodes, p.Zones))
	}
	return most
}

// onDemand is the most pods that a spread can keep on on-demand nodes: with the smallest skew, the pods on spot nodes
// are more than these by one at most.
func onDemand(pods int, at Place) int {
	if at.sureZones() == 0 {
		return 0
	}
	return pods / 2
}
