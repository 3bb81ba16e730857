package enginetest

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/internal/config"
	"github.com/dreamseed/platform/internal/enginetest/testbed"
	"github.com/dreamseed/platform/services/availability"
)

const statements = "statements"

// drawn returns a random statement.
func drawn(random *rand.Rand) availability.Statement {
	s := availability.Statement{MinReplicas: 1 + random.IntN(5), Spot: random.IntN(2) == 0}
	s.MaxReplicas, s.Floor = s.MinReplicas, random.IntN(s.MinReplicas+1)
	if s.Spot {
		s.OnDemandFloor = random.IntN(s.MinReplicas + 1)
	}
	return s
}

// draw returns a number of random statements that the cluster accepts, or refuses because of the floor.
func draw(count int, at availability.Place, accepted bool) map[string]availability.Statement {
	random := rand.New(rand.NewPCG(2026, 4)) // the same statements in each run
	found := map[string]availability.Statement{}
	for len(found) < count {
		s := drawn(random)
		problems := s.Check("", at)
		refusedForFloor := len(problems) == 1 && problems[0].Key == ".availability.floor"
		if accepted && len(problems) == 0 || !accepted && refusedForFloor {
			found[fmt.Sprintf("statement-%d", len(found))] = s
		}
	}
	return found
}

// Statements that the arithmetic accepts survive on the real scheduler and the real eviction API, and refused ones do
// not.
func TestStatementsHoldOnTheRealControlPlane(t *testing.T) {
	disrupted.AsTracked(t)
	cfg, err := config.FromStackFile(disrupted.Project, "local")
	require.NoError(t, err)
	at := config.Place(&cfg.Cluster)
	disrupted.Kubectl(t, "create", "namespace", statements)
	t.Cleanup(func() {
		printed, err := disrupted.TryKubectl(context.WithoutCancel(t.Context()), nil, "delete", "namespace", statements)
		assert.NoError(t, err, printed)
	})
	t.Run("accepted", func(t *testing.T) {
		accepted := draw(6, at, true)
		disrupted.deploy(t, accepted, at)
		seen := disrupted.RecordedIn(t, statements, func() {
			for _, node := range disrupted.Each(t, "nodes") {
				assert.True(t, disrupted.drain(t, node.Metadata.Name, time.Minute).finished, node.Metadata.Name)
				disrupted.uncordon(t, node.Metadata.Name)
				disrupted.await(t, accepted)
			}
			disrupted.loseZone(t, "local-b")
			disrupted.await(t, accepted)
		})
		for name, s := range accepted {
			assert.GreaterOrEqual(t, seen.LowestReady(name), s.Floor, "%s: %+v", name, s)
		}
		disrupted.Up(t, testbed.Tracked)
		disrupted.Kubectl(t, "delete", "deployments,pdb", "--all", "--namespace", statements)
	})
	t.Run("refused", func(t *testing.T) {
		for name, s := range draw(4, at, false) {
			t.Run(name, func(t *testing.T) { disrupted.breaks(t, name, s, at) })
		}
	})
}

// breaks asserts that a refused statement, forced through, does not hold.
func (s *subject) breaks(t *testing.T, name string, forced availability.Statement, at availability.Place) {
	t.Helper()
	s.deploy(t, map[string]availability.Statement{name: forced}, at)
	defer s.Kubectl(t, "delete", "deployments,pdb", "--all", "--namespace", statements)
	if forced.Floor == forced.MinReplicas {
		node := s.aNodeOf(t, statements, name)
		held := s.drain(t, node, 5*time.Second)
		assert.Contains(t, held.refused, name)
		assert.False(t, held.finished, "no drain ends: %+v", forced)
		s.uncordon(t, node)
		return
	}
	zone := s.fullestZone(t, name)
	seen := s.RecordedIn(t, statements, func() { s.loseZone(t, zone) })
	assert.Less(t, seen.LowestReady(name), forced.Floor, "%+v", forced)
	s.Up(t, testbed.Tracked)
}

// fullestZone returns the zone with the most pods of a workload.
func (s *subject) fullestZone(t *testing.T, workload string) string {
	t.Helper()
	zoneOf, pods, fullest := map[string]string{}, map[string]int{}, ""
	for zone, nodes := range s.zones(t) {
		for _, node := range nodes {
			zoneOf[node] = zone
		}
	}
	for _, pod := range s.Each(t, "pods", "--namespace", statements, "--selector", "app.kubernetes.io/name="+workload) {
		require.Contains(t, zoneOf, pod.Node())
		zone := zoneOf[pod.Node()]
		pods[zone]++
		if pods[zone] > pods[fullest] {
			fullest = zone
		}
	}
	return fullest
}

// deploy creates a Deployment and a disruption budget for each statement, according to its plan.
func (s *subject) deploy(t *testing.T, all map[string]availability.Statement, at availability.Place) {
	t.Helper()
	for name, statement := range all {
		for _, manifest := range []any{deploymentOf(name, statement, at), budgetOf(name, statement, at)} {
			encoded, err := json.Marshal(manifest)
			require.NoError(t, err)
			printed, err := s.TryKubectl(t.Context(), strings.NewReader(string(encoded)),
				"create", "--namespace", statements, "--filename=-")
			require.NoError(t, err, printed)
		}
	}
	s.await(t, all)
}

func (s *subject) await(t *testing.T, all map[string]availability.Statement) {
	t.Helper()
	for name := range all {
		s.Kubectl(t, "rollout", "status", "deployment/"+name, "--namespace", statements, "--timeout=60s")
	}
}

type fields = map[string]any

func deploymentOf(name string, s availability.Statement, at availability.Place) fields {
	plan, selected := s.Plan(at), fields{"matchLabels": fields{"app.kubernetes.io/name": name}}
	over := func(key string, skew int) fields {
		return fields{
			"topologyKey": key, "maxSkew": skew, "whenUnsatisfiable": "DoNotSchedule", "nodeTaintsPolicy": "Honor",
			"labelSelector": selected, "matchLabelKeys": []string{"pod-template-hash"},
		}
	}
	spread := []fields{over("topology.kubernetes.io/zone", plan.ZoneSkew)}
	if plan.CapacitySkew > 0 {
		spread = append(spread, over("dreamseed.ai/capacity", plan.CapacitySkew))
	}
	var tolerations []fields
	if s.Spot {
		tolerations = append(tolerations, fields{"key": "dreamseed.ai/spot", "value": "true", "effect": "NoSchedule"})
	}
	return fields{
		"apiVersion": "apps/v1", "kind": "Deployment", "metadata": fields{"name": name},
		"spec": fields{
			"replicas": s.MinReplicas, "selector": selected,
			"template": fields{
				"metadata": fields{"labels": selected["matchLabels"]},
				"spec": fields{
					"topologySpreadConstraints": spread, "tolerations": tolerations,
					"containers": []fields{{"name": "app", "image": "app"}},
				},
			},
		},
	}
}

func budgetOf(name string, s availability.Statement, at availability.Place) fields {
	return fields{
		"apiVersion": "policy/v1", "kind": "PodDisruptionBudget", "metadata": fields{"name": name},
		"spec": fields{
			"minAvailable": s.Plan(at).MinAvailable, "unhealthyPodEvictionPolicy": "AlwaysAllow",
			"selector": fields{"matchLabels": fields{"app.kubernetes.io/name": name}},
		},
	}
}
