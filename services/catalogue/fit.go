package catalogue

import (
	"fmt"
	"slices"
	"strings"

	"github.com/dreamseed/platform/internal/invalid"
)

// Pool is a group of identical nodes, described as far as the size of pods depends on it.
type Pool struct {
	Name string
	Spot bool
	// Least and Most bound the number of its nodes, over all zones.
	Least, Most int
	// Offers is the most that one node has for pods.
	Offers Amounts
}

// on names the capacity type of a pool.
var on = map[bool]string{false: "on demand", true: "on spot capacity"}

// validateFit refuses pods that fit no node. A service that may run on spot nodes has to fit both kinds: its pods are
// spread over them as a condition, so that pods that do not fit one kind soon fill the other.
func (s Service) validateFit(key string, within Surroundings, problems *invalid.Problems) {
	if problem := s.Resources.Requests.misfit(key+".resources.requests", within.Pools, s.Spot.Allowed); problem != nil {
		*problems = append(*problems, *problem)
		return
	}
	s.validateZones(key+".resources.requests", within, problems)
}

// misfit returns the first reason why no node takes pods with these requests. Nil where one does, or where no pool of a
// kind exists: other rules cover that.
func (a Amounts) misfit(key string, all []Pool, spot bool) *invalid.Problem {
	kinds := []bool{false}
	if spot {
		kinds = append(kinds, true)
	}
	for _, kind := range kinds {
		if pools := ofKind(all, kind); len(pools) > 0 && !slices.ContainsFunc(pools, a.Fits) {
			return a.explain(key, pools, on[kind])
		}
	}
	return nil
}

// explain names the figure that is above every node's, or both of them where each fits a different node.
func (a Amounts) explain(key string, pools []Pool, where string) *invalid.Problem {
	var found invalid.Problems
	cpu, memory := largest(pools)
	switch {
	case a.CPU.Cmp(cpu.Offers.CPU) > 0:
		found.Add(key+".cpu", a.CPU.String(), "must fit a node %s: the largest (pool %s) has %s for it",
			where, cpu.Name, cpu.Offers.CPU.String())
	case a.Memory.Cmp(memory.Offers.Memory) > 0:
		found.Add(key+".memory", a.Memory.String(), "must fit a node %s: the largest (pool %s) has %s for it",
			where, memory.Name, memory.Offers.Memory.String())
	default:
		found.Add(key, a.String(), "must fit one node %s, both together: pool %s has %s, pool %s has %s",
			where, cpu.Name, cpu.Offers, memory.Name, memory.Offers)
	}
	return &found[0]
}

// validateZones checks that nodes of sufficient size exist in enough zones: pods of a service are spread evenly, so a
// zone that takes none limits each of the others to one.
func (s Service) validateZones(key string, within Surroundings, problems *invalid.Problems) {
	reached, standing := 0, 0
	var names []string
	for _, pool := range within.Pools {
		if pool.Spot && !s.Spot.Allowed {
			continue
		}
		standing = max(standing, min(pool.Least, within.Place.Zones))
		if s.Resources.Requests.Fits(pool) {
			reached += pool.Most
			names = append(names, pool.Name)
		}
	}
	reached = min(reached, within.Place.Zones)
	if reached < standing && reached < s.Autoscaling.MinReplicas {
		problems.Add(key, s.Resources.Requests.String(),
			"must fit nodes in every zone: the pools that are large enough (%s) reach %d of the %d zones that have nodes, and "+
				"a pod in each is the most that an even spread allows then, of autoscaling.minReplicas (%d)",
			strings.Join(names, ", "), reached, standing, s.Autoscaling.MinReplicas)
	}
}

// Fits reports whether an empty node of the pool has room for the amounts.
func (a Amounts) Fits(pool Pool) bool {
	return a.CPU.Cmp(pool.Offers.CPU) <= 0 && a.Memory.Cmp(pool.Offers.Memory) <= 0
}

// String formats the amounts for use within a sentence.
func (a Amounts) String() string {
	return fmt.Sprintf("cpu %s, memory %s", a.CPU.String(), a.Memory.String())
}

// ofKind returns the pools of a kind that can have nodes.
func ofKind(pools []Pool, spot bool) []Pool {
	return slices.DeleteFunc(slices.Clone(pools), func(pool Pool) bool { return pool.Spot != spot || pool.Most == 0 })
}

// largest returns the pool whose nodes have the most CPU, and the one whose nodes have the most memory.
func largest(pools []Pool) (cpu, memory Pool) {
	cpu = slices.MaxFunc(pools, func(a, b Pool) int { return a.Offers.CPU.Cmp(b.Offers.CPU) })
	memory = slices.MaxFunc(pools, func(a, b Pool) int { return a.Offers.Memory.Cmp(b.Offers.Memory) })
	return cpu, memory
}
