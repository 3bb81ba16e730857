package availability_test

import (
	"fmt"

	"github.com/dreamseed/platform/services/availability"
)

// cell holds the nodes of one pool in one zone. They have room for everything: a cluster autoscaler adds nodes.
type cell struct {
	zone, pool int
	spot       bool
}

// world is a cluster that an adversary has built within the limits of the Place: the nodes that surely exist, and any
// of those that may exist.
type world struct{ cells []cell }

// worlds returns every cluster that the place may turn out to be. The sure nodes of every pool are in the same, first
// zones.
func worlds(at availability.Place) []world {
	var sure, maybe []cell
	for number, pool := range append(append([]availability.Pool{}, at.OnDemandPools...), at.SpotPools...) {
		spot := number >= len(at.OnDemandPools)
		for zone := range at.Zones {
			one := cell{zone: zone, pool: number, spot: spot}
			// A spot node may be gone at any time, whatever the pool's minimum.
			if !spot && zone < pool.MinNodes {
				sure = append(sure, one)
			} else {
				maybe = append(maybe, one)
			}
		}
	}
	var all []world
	for chosen := range 1 << len(maybe) {
		w := world{cells: append([]cell{}, sure...)}
		for i, one := range maybe {
			if chosen>>i&1 == 1 {
				w.cells = append(w.cells, one)
			}
		}
		if len(w.cells) > 0 {
			all = append(all, w)
		}
	}
	return all
}

// placement is the number of pods in each cell.
type placement []int

// placements returns every placement that the adversary, who plays the scheduler, may reach: each step puts one pod
// anywhere that the conditions allow. stuck reports whether it can reach a placement that allows no further pod.
func (w world) placements(pods int, plan availability.Plan) (ends []placement, stuck bool) {
	reached := map[string]placement{"": make(placement, len(w.cells))}
	for range pods {
		next := map[string]placement{}
		for _, from := range reached {
			moved := false
			for i := range w.cells {
				if !w.allows(from, i, plan) {
					continue
				}
				moved = true
				to := append(placement{}, from...)
				to[i]++
				next[fmt.Sprint(to)] = to
			}
			stuck = stuck || !moved
		}
		reached = next
	}
	for _, end := range reached {
		ends = append(ends, end)
	}
	return ends, stuck
}

func (w world) allows(from placement, at int, plan availability.Plan) bool {
	zone := func(c cell) int { return c.zone }
	capacity := func(c cell) int {
		if c.spot {
			return 1
		}
		return 0
	}
	return w.even(from, at, zone, plan.ZoneSkew) &&
		(plan.CapacitySkew == 0 || w.even(from, at, capacity, plan.CapacitySkew))
}

// even applies the scheduler's rule of maxSkew: the pods of a domain, including this one, exceed those of the emptiest
// domain by at most the skew. A domain exists where there is a node.
func (w world) even(from placement, at int, domain func(cell) int, skew int) bool {
	counts := map[int]int{}
	for i, one := range w.cells {
		counts[domain(one)] += from[i]
	}
	emptiest := counts[domain(w.cells[at])]
	for _, count := range counts {
		emptiest = min(emptiest, count)
	}
	return counts[domain(w.cells[at])]+1-emptiest <= skew
}

// afterLossOfZone returns the pods that are left when the fullest zone is lost.
func (w world) afterLossOfZone(of placement) int {
	counts, all := map[int]int{}, 0
	for i, one := range w.cells {
		counts[one.zone] += of[i]
		all += of[i]
	}
	most := 0
	for _, count := range counts {
		most = max(most, count)
	}
	return all - most
}

// afterLossOfSpot returns the pods that are left when every spot node is taken back.
func (w world) afterLossOfSpot(of placement) int {
	left := 0
	for i, one := range w.cells {
		if !one.spot {
			left += of[i]
		}
	}
	return left
}

// outcome is the worst that can happen to a statement.
type outcome struct {
	afterLossOfZone, afterLossOfSpot int
	drainEnds                        bool
	lowestInDrain                    int
	stuck                            bool
}

// simulate plays everything that can happen to this many pods under the plan, whether Check accepts it or not.
func simulate(s availability.Statement, pods int, at availability.Place) outcome {
	plan := s.Plan(at)
	worst := outcome{afterLossOfZone: pods, afterLossOfSpot: pods}
	worst.drainEnds, worst.lowestInDrain = drain(pods, plan)
	for _, w := range worlds(at) {
		if !s.Spot {
			w = w.onDemand()
		}
		ends, stuck := w.placements(pods, plan)
		worst.stuck = worst.stuck || stuck && w.complete(at, s.Spot)
		for _, end := range ends {
			worst.afterLossOfZone = min(worst.afterLossOfZone, w.afterLossOfZone(end))
			worst.afterLossOfSpot = min(worst.afterLossOfSpot, w.afterLossOfSpot(end))
		}
	}
	return worst
}

// onDemand returns the world as seen by a pod that does not tolerate the taint of spot nodes.
func (w world) onDemand() world {
	var seen world
	for _, one := range w.cells {
		if !one.spot {
			seen.cells = append(seen.cells, one)
		}
	}
	return seen
}

// complete reports whether every pool has a node in every zone, as a cluster autoscaler ensures for pending pods.
func (w world) complete(at availability.Place, spot bool) bool {
	pools := len(at.OnDemandPools)
	if spot {
		pools += len(at.SpotPools)
	}
	return len(w.cells) == pools*at.Zones
}

// drain evicts every pod once, through the disruption budget. The replacement of an evicted pod is ready before the
// next eviction.
func drain(pods int, plan availability.Plan) (ends bool, lowest int) {
	ready, lowest := pods, pods
	for range pods {
		if ready-1 < plan.MinAvailable {
			return false, lowest // the eviction API answers 429, permanently
		}
		ready--
		lowest = min(lowest, ready)
		ready++
	}
	return true, lowest
}
