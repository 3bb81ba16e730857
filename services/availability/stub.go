package availability

import "github.com/dreamseed/platform/internal/invalid"

type Statement struct {
	Floor, MinReplicas, MaxReplicas int
	Spot                            bool
	OnDemandFloor, GraceSeconds     int
}
type Pool struct{ MinNodes int }
type Place struct {
	Zones                    int
	OnDemandPools, SpotPools []Pool
	SpotGraceSeconds         int
}
type Plan struct {
	MinAvailable, MaxSurgePercent, ZoneSkew, PoolSkew, GraceSeconds, DrainSeconds int
}

func (s Statement) Plan(at Place) Plan {
	p := Plan{MinAvailable: s.Floor, MaxSurgePercent: 25, ZoneSkew: 1, GraceSeconds: 30, DrainSeconds: 5}
	if s.Spot {
		p.PoolSkew, p.GraceSeconds = 1, 25
	}
	return p
}
func (s Statement) Check(key string, at Place) invalid.Problems { return nil }
