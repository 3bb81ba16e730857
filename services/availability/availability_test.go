package availability_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"pgregory.net/rapid"

	"github.com/dreamseed/platform/internal/invalid"
	"github.com/dreamseed/platform/services/availability"
)

// place generates a cluster of up to three zones, with up to two pools of each kind.
func place() *rapid.Generator[availability.Place] {
	return rapid.Custom(func(t *rapid.T) availability.Place {
		pool := rapid.Custom(func(t *rapid.T) availability.Pool {
			return availability.Pool{MinNodes: rapid.IntRange(0, 3).Draw(t, "minNodes")}
		})
		at := availability.Place{
			Zones:            rapid.IntRange(1, 3).Draw(t, "zones"),
			OnDemandPools:    rapid.SliceOfN(pool, 1, 2).Draw(t, "on demand"),
			SpotPools:        rapid.SliceOfN(pool, 0, 1).Draw(t, "spot"),
			SpotGraceSeconds: rapid.SampledFrom([]int{25, 90}).Draw(t, "grace"),
		}
		at.OnDemandPools[0].MinNodes = max(1, at.OnDemandPools[0].MinNodes) // one pool has a node, as in every cluster
		return at
	})
}

// statement generates a statement with consistent counts, whether or not the cluster can keep it.
func statement() *rapid.Generator[availability.Statement] {
	return rapid.Custom(func(t *rapid.T) availability.Statement {
		s := availability.Statement{MinReplicas: rapid.IntRange(1, 5).Draw(t, "minReplicas")}
		s.MaxReplicas = s.MinReplicas + 2
		s.Floor = rapid.IntRange(0, s.MinReplicas).Draw(t, "floor")
		s.Spot = rapid.Bool().Draw(t, "spot")
		if s.Spot {
			s.OnDemandFloor = rapid.IntRange(0, s.MinReplicas).Draw(t, "onDemandFloor")
		}
		return s
	})
}

func TestWhatIsAcceptedSurvives(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s, at := statement().Draw(t, "statement"), place().Draw(t, "place")
		if len(s.Check("", at)) > 0 {
			return
		}
		for pods := s.MinReplicas; pods <= s.MaxReplicas; pods++ {
			worst := simulate(s, pods, at)
			assert.True(t, worst.drainEnds, "a drain of %d pods", pods)
			assert.GreaterOrEqual(t, worst.lowestInDrain, s.Floor, "a drain of %d pods", pods)
			assert.False(t, worst.stuck, "%d pods find their places", pods)
			if at.Zones > 1 {
				assert.GreaterOrEqual(t, worst.afterLossOfZone, s.Floor, "a zone is lost under %d pods", pods)
			}
			if s.Spot {
				assert.GreaterOrEqual(t, worst.afterLossOfSpot, max(s.Floor, s.OnDemandFloor), "spot is lost under %d pods", pods)
			}
		}
	})
}

func TestWhatIsRefusedBreaksWhenItIsForcedThrough(t *testing.T) {
	breaks := map[string]func(s availability.Statement, worst outcome) bool{
		".availability.floor": func(s availability.Statement, worst outcome) bool {
			return !worst.drainEnds || worst.afterLossOfZone < s.Floor
		},
		".spot.onDemandFloor": func(s availability.Statement, worst outcome) bool {
			return worst.afterLossOfSpot < max(s.Floor, s.OnDemandFloor) || s.OnDemandFloor < s.Floor
		},
	}
	rapid.Check(t, func(t *rapid.T) {
		s, at := statement().Draw(t, "statement"), place().Draw(t, "place")
		problems := s.Check("", at)
		if len(problems) == 0 {
			return
		}
		worst := simulate(s, s.MinReplicas, at)
		for _, problem := range problems {
			assert.True(t, breaks[problem.Key](s, worst), "%s: %+v", problem, worst)
		}
	})
}

// Without spot pools, or where every pod is wanted on demand, an on-demand floor below the floor breaks nothing by
// itself; but then nothing else would hold the floor.
func TestOnDemandFloorBelowTheFloorIsRefused(t *testing.T) {
	s := availability.Statement{MinReplicas: 4, MaxReplicas: 4, Floor: 2, Spot: true, OnDemandFloor: 1}
	assert.Equal(t, []string{".spot.onDemandFloor"}, keys(s.Check("", three())))
}

// three is a cluster with an on-demand node in each of three zones, and spot nodes now and then.
func three() availability.Place {
	return availability.Place{
		Zones: 3, SpotGraceSeconds: 25,
		OnDemandPools: []availability.Pool{{MinNodes: 3}}, SpotPools: []availability.Pool{{}},
	}
}

func TestTheSumShowsWhy(t *testing.T) {
	cases := map[string]struct {
		reason    string
		statement availability.Statement
		change    func(*availability.Place)
		key, says string
	}{
		"drain": {
			reason:    "no pod may ever be evicted",
			statement: availability.Statement{MinReplicas: 3, MaxReplicas: 9, Floor: 3},
			key:       ".availability.floor", says: "3 pods - floor 3 = 0",
		},
		"zone": {
			reason:    "two of four pods may share a zone",
			statement: availability.Statement{MinReplicas: 4, MaxReplicas: 9, Floor: 3},
			key:       ".availability.floor",
			says:      "4 pods over 3 zones that surely have on-demand nodes, 2 of them in one zone, leave 2",
		},
		"zone without a node": {
			reason:    "all pods may stand in two zones",
			statement: availability.Statement{MinReplicas: 3, MaxReplicas: 9, Floor: 2},
			change:    func(at *availability.Place) { at.OnDemandPools[0].MinNodes = 2 },
			key:       ".availability.floor",
			says:      "3 pods over 2 zones that surely have on-demand nodes, 2 of them in one zone, leave 1",
		},
		"spot": {
			reason:    "half of them may be on spot nodes",
			statement: availability.Statement{MinReplicas: 3, MaxReplicas: 9, Floor: 2, Spot: true, OnDemandFloor: 2},
			key:       ".spot.onDemandFloor",
			says:      "of 3 pods, spread evenly over spot and on demand, 2 may be on spot nodes, which leaves 1",
		},
		"maximum below the minimum": {
			reason:    "the autoscaler could not start",
			statement: availability.Statement{MinReplicas: 3, MaxReplicas: 2, Floor: 1},
			key:       ".autoscaling.maxReplicas", says: "must not be below minReplicas (3)",
		},
		"nothing at all": {
			reason: "the service would be off",
			key:    ".autoscaling.minReplicas", says: "must be 1 or more",
		},
		"floor above the minimum": {
			reason:    "it is never reached",
			statement: availability.Statement{MinReplicas: 3, MaxReplicas: 9, Floor: 4},
			key:       ".availability.floor", says: "must be from 0 to autoscaling.minReplicas (3)",
		},
		"more on demand than there is": {
			reason:    "it is never reached",
			statement: availability.Statement{MinReplicas: 3, MaxReplicas: 9, Floor: 1, Spot: true, OnDemandFloor: 4},
			key:       ".spot.onDemandFloor", says: "must be from 0 to autoscaling.minReplicas (3)",
		},
		"grace that spot does not give": {
			reason: "the node would be gone before the pod is",
			statement: availability.Statement{
				MinReplicas: 4, MaxReplicas: 9, Floor: 1, Spot: true, OnDemandFloor: 1, GraceSeconds: 26,
			},
			key: ".availability.graceSeconds", says: "must not be above 25",
		},
		"grace of nothing": {
			reason:    "the pod would be gone before anybody stops asking it",
			statement: availability.Statement{MinReplicas: 3, MaxReplicas: 9, Floor: 1, GraceSeconds: 5},
			key:       ".availability.graceSeconds", says: "must be above 5",
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			at := three()
			if c.change != nil {
				c.change(&at)
			}
			problems := c.statement.Check("services.auth", at)
			assert.Equal(t, []string{"services.auth" + c.key}, keys(problems), c.reason)
			assert.Contains(t, problems.Error(), c.says)
		})
	}
}

func TestWithoutAClusterOnlyTheCountsAreChecked(t *testing.T) {
	s := availability.Statement{MinReplicas: 4, MaxReplicas: 3, Floor: 3, Spot: true, OnDemandFloor: 3, GraceSeconds: 100}
	assert.Equal(t, []string{".autoscaling.maxReplicas"}, keys(s.Check("", availability.Place{})))
}

func TestAClusterOfOneZoneIsAskedForDrainsAlone(t *testing.T) {
	at := three()
	at.Zones = 1
	assert.Empty(t, availability.Statement{MinReplicas: 3, MaxReplicas: 9, Floor: 2}.Check("", at))
}

func TestPlan(t *testing.T) {
	spot := availability.Statement{MinReplicas: 6, MaxReplicas: 9, Floor: 2, Spot: true, OnDemandFloor: 2}
	steady := availability.Statement{MinReplicas: 6, MaxReplicas: 9, Floor: 2}
	cases := map[string]struct {
		reason    string
		statement availability.Statement
		change    func(*availability.Place)
		want      availability.Plan
	}{
		"steady": {
			reason:    "the floor is the budget, and pods have Kubernetes' own time",
			statement: steady,
			want:      availability.Plan{MinAvailable: 2, ZoneSkew: 1, GraceSeconds: 30, DrainSeconds: 5},
		},
		"spot": {
			reason:    "a larger skew than 3 could leave one pod on demand, and a smaller one holds pods back",
			statement: spot,
			want:      availability.Plan{MinAvailable: 2, ZoneSkew: 1, CapacitySkew: 3, GraceSeconds: 25, DrainSeconds: 5},
		},
		"spot without a pool": {
			reason:    "there is nothing to spread over",
			statement: spot,
			change:    func(at *availability.Place) { at.SpotPools = nil },
			want:      availability.Plan{MinAvailable: 2, ZoneSkew: 1, GraceSeconds: 25, DrainSeconds: 5},
		},
		"spot with a long notice": {
			reason:    "no pod takes longer than it would elsewhere",
			statement: spot,
			change:    func(at *availability.Place) { at.SpotGraceSeconds = 90 },
			want:      availability.Plan{MinAvailable: 2, ZoneSkew: 1, CapacitySkew: 3, GraceSeconds: 30, DrainSeconds: 5},
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			at := three()
			if c.change != nil {
				c.change(&at)
			}
			assert.Equal(t, c.want, c.statement.Plan(at), c.reason)
		})
	}
	steady.GraceSeconds = 60
	assert.Equal(t, 60, steady.Plan(three()).GraceSeconds, "what is said is taken")
}

func keys(problems invalid.Problems) []string {
	var found []string
	for _, problem := range problems {
		found = append(found, problem.Key)
	}
	return found
}
