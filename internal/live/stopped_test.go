package live

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func promising(kind, key string, value any) fields {
	return fields{
		"kind":     kind,
		"metadata": fields{"name": "auth-service", "labels": fields{"app.kubernetes.io/name": "auth-service"}},
		"spec":     fields{key: value},
	}
}

func autoscaler(least int) fields { return promising("HorizontalPodAutoscaler", "minReplicas", least) }

func budget(floor any) fields { return promising("PodDisruptionBudget", "minAvailable", floor) }

// scaledToZero returns a workload that somebody scaled to 0.
func scaledToZero(kind string) fields {
	o := deployment(fields{"observedGeneration": 2})
	if kind == "Rollout" {
		o = rollout(fields{"observedGeneration": "2", "phase": "Healthy"})
	}
	o["spec"].(fields)["replicas"] = 0
	o["metadata"].(fields)["namespace"] = "dreamseed-local"
	return o
}

func TestNoPodOfNoneIsNoRelease(t *testing.T) {
	cases := map[string]struct {
		items []fields
		says  []string
	}{
		"below the floor": {
			[]fields{scaledToZero("Deployment"), autoscaler(3), budget(2)},
			[]string{"floor is 2", "kubectl scale deployment/auth-service --namespace dreamseed-local --replicas=3"},
		},
		"a rollout": {
			[]fields{scaledToZero("Rollout"), autoscaler(3), budget(2)},
			[]string{"floor is 2", "kubectl scale rollout/auth-service --namespace dreamseed-local --replicas=3"},
		},
		"without a floor": {
			[]fields{scaledToZero("Deployment"), autoscaler(1), budget(0)}, []string{"floor is 0", "--replicas=1"},
		},
		"without anything that promises": {
			[]fields{scaledToZero("Deployment")}, []string{"floor is 0", "--replicas=1"},
		},
		"with a share, which is not ours": {
			[]fields{scaledToZero("Deployment"), budget("50%")}, []string{"floor is 0", "--replicas=1"},
		},
	}
	for name, tt := range cases {
		t.Run(name, func(t *testing.T) {
			services := read(t, tt.items...)

			require.Len(t, services, 1, "what promises pods is no service")
			assert.False(t, services[0].RolledOut)
			assert.Contains(t, services[0].Problem, "an autoscaler does nothing at 0")
			for _, words := range tt.says {
				assert.Contains(t, services[0].Problem, words)
			}
		})
	}
}

func TestCountAboveZeroIsTheAutoscalersAffair(t *testing.T) {
	services := read(t, deployment(settled()), autoscaler(5), budget(4))

	require.Len(t, services, 1)
	assert.True(t, services[0].RolledOut, "a floor that was just raised is reached a moment later")
}

func TestPausedDeploymentSaysSo(t *testing.T) {
	paused := deployment(settled())
	paused["spec"].(fields)["paused"] = true
	paused["metadata"].(fields)["namespace"] = "dreamseed-local"

	services := read(t, paused)

	require.Len(t, services, 1)
	assert.False(t, services[0].RolledOut, "the next release would wait for a person")
	assert.Contains(t, services[0].Problem, "kubectl rollout resume deployment/auth-service --namespace dreamseed-local")
}
