package availability

import "github.com/dreamseed/platform/internal/invalid"

// Check returns every reason why the cluster cannot keep the statement, each with the calculation that shows it. The
// keys are relative to the service's own key.
//
// The promise holds when pods have been placed since the last loss: a zone that comes back stays empty until pods are
// placed again, and the controllers that remove surplus pods ignore zones when they choose.
func (s Statement) Check(key string, at Place) invalid.Problems {
	c := check{Statement: s, at: at, key: key}
	if c.counts() {
		c.floor()
		c.onDemandFloor()
	}
	c.grace()
	return c.problems
}

// check collects problems.
type check struct {
	Statement

	at       Place
	key      string
	problems invalid.Problems
}

func (c *check) add(key string, value any, rule string, args ...any) {
	c.problems.Add(c.key+key, value, rule, args...)
}

const (
	minReplicas   = ".autoscaling.minReplicas"
	maxReplicas   = ".autoscaling.maxReplicas"
	floor         = ".availability.floor"
	graceSeconds  = ".availability.graceSeconds"
	onDemandFloor = ".spot.onDemandFloor"
)

// counts reports whether the counts are consistent enough to calculate with.
func (c *check) counts() bool {
	if c.MinReplicas < 1 {
		c.add(minReplicas, c.MinReplicas, "must be 1 or more")
		return false
	}
	before := len(c.problems)
	if c.MaxReplicas < c.MinReplicas {
		c.add(maxReplicas, c.MaxReplicas, "must not be below minReplicas (%d)", c.MinReplicas)
	}
	if c.Floor < 0 || c.Floor > c.MinReplicas {
		c.add(floor, c.Floor, "must be from 0 to autoscaling.minReplicas (%d)", c.MinReplicas)
	}
	if c.Spot && (c.OnDemandFloor < 0 || c.OnDemandFloor > c.MinReplicas) {
		c.add(onDemandFloor, c.OnDemandFloor, "must be from 0 to autoscaling.minReplicas (%d)", c.MinReplicas)
	}
	return len(c.problems) == before
}

// floor checks drains and zones. With a single zone, its loss is the loss of the cluster, which no statement can
// survive.
func (c *check) floor() {
	if c.MinReplicas-c.Floor < 1 {
		c.add(floor, c.Floor, "must leave a pod that may be evicted, or no drain ever ends: %d pods - floor %d = %d",
			c.MinReplicas, c.Floor, c.MinReplicas-c.Floor)
		return
	}
	if c.at.Zones < 2 {
		return
	}
	largest := largestZone(c.MinReplicas, c.at)
	if left := c.MinReplicas - largest; left < c.Floor {
		c.add(floor, c.Floor, "must survive the loss of a zone: %d pods over %d zones that surely have on-demand nodes, "+
			"%d of them in one zone, leave %d", c.MinReplicas, c.at.sureZones(), largest, left)
	}
}

// onDemandFloor checks the loss of every spot node.
func (c *check) onDemandFloor() {
	switch {
	case !c.Spot:
		return
	case c.OnDemandFloor < c.Floor:
		c.add(onDemandFloor, c.OnDemandFloor,
			"must not be below availability.floor (%d): no other pods are left when all spot nodes are taken back", c.Floor)
	case c.at.Zones > 0 && len(c.at.SpotPools) > 0:
		if left := onDemand(c.MinReplicas, c.at); left < c.OnDemandFloor {
			c.add(onDemandFloor, c.OnDemandFloor, "must hold when all spot nodes are taken back: of %d pods, spread evenly "+
				"over spot and on demand, %d may be on spot nodes, which leaves %d", c.MinReplicas, c.MinReplicas-left, left)
		}
	}
}

func (c *check) grace() {
	if c.GraceSeconds == 0 {
		return
	}
	if c.GraceSeconds <= drainSeconds {
		c.add(graceSeconds, c.GraceSeconds,
			"must be above %d: that long a pod goes on serving before it begins to stop", drainSeconds)
	}
	if c.Spot && c.at.Zones > 0 && c.GraceSeconds > c.at.SpotGraceSeconds {
		c.add(graceSeconds, c.GraceSeconds, "must not be above %d: no more is left to a pod of a spot node in this cloud",
			c.at.SpotGraceSeconds)
	}
}
