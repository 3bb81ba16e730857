package enginetest

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/internal/enginetest/testbed"
)

const selectorOf = "--output=jsonpath={.spec.selector}"

// A selector is one field to the API server, and the engine compares the program's own keys alone: an added key would
// go unnoticed, and lead the service's requests nowhere.
func TestFurtherKeyOfASelectorIsSeenAndTakenBackByOneUp(t *testing.T) {
	drifting.AsTracked(t)
	service := []string{"service", "user-service", "--namespace", namespace}
	ours := drifting.Kubectl(t, append([]string{"get", selectorOf}, service...)...)
	for _, by := range []string{"kubectl-patch", "node-fetch"} {
		drifting.Kubectl(t, append([]string{"patch", "--type=merge", "--field-manager=" + by,
			`--patch={"spec":{"selector":{"none":"such"}}}`}, service...)...)

		assert.Equal(t, []string{"user-service"}, testbed.Changed(drifting.Preview(t, testbed.WithLiveObjects)), by)
		byHand := drifting.Pulumi(t, drifting.Box.Project(), nil,
			"preview", "--refresh", "--expect-no-changes", "--stack", drifting.Stack.Name)
		require.Error(t, byHand.Err, "the drift check of a scheduled job")
		assert.Contains(t, byHand.Output, "no changes were expected")

		drifting.Up(t, testbed.Tracked)

		assert.Equal(t, ours, drifting.Kubectl(t, append([]string{"get", selectorOf}, service...)...), by)
		assert.Zero(t, drifting.Preview(t, testbed.WithLiveObjects).Changes(), by)
	}
}

// The API server refuses both fields of a union, so no dry run can show how they are reverted.
func TestFurtherFieldOfAUnionIsTakenBackByOneUp(t *testing.T) {
	drifting.Deployed(t)
	level := []string{"get", "deployment", "auth-service", "--namespace", namespace,
		`--output=jsonpath={.spec.template.spec.containers[0].env[?(@.name=="LOG_LEVEL")]}`}
	budget := []string{"get", "pdb", "user-service", "--namespace", namespace, "--output=jsonpath={.spec}"}
	wantLevel, wantBudget := drifting.Kubectl(t, level...), drifting.Kubectl(t, budget...)
	drifting.Kubectl(t, "set", "env", "deployment/auth-service", "LOG_LEVEL=DEBUG", "--namespace", namespace)
	drifting.Kubectl(t, "patch", "pdb", "user-service", "--namespace", namespace, "--type=merge",
		`--patch={"spec":{"minAvailable":null,"maxUnavailable":1}}`)

	drifting.Repair(t)

	assert.Equal(t, wantLevel, drifting.Kubectl(t, level...))
	assert.Equal(t, wantBudget, drifting.Kubectl(t, budget...))
	assert.Zero(t, drifting.Preview(t, testbed.WithLiveObjects).Changes())
}

func TestReleaseAfterAHotfixByHandGoesThrough(t *testing.T) {
	drifting.AsTracked(t)
	drifting.Kubectl(t, "set", "image", "deployment/auth-service", "auth-service=dreamseed/auth-service:hotfix",
		"--namespace", namespace)

	drifting.Up(t, func(c testbed.Configuration) { testbed.Service(c, "auth")["image"] = "dreamseed/auth-service:next" })

	assert.Equal(t, "dreamseed/auth-service:next", drifting.Kubectl(t, "get", "deployment", "auth-service",
		"--namespace", namespace, "--output=jsonpath={.spec.template.spec.containers[0].image}"))
	assert.Zero(t, drifting.Preview(t, testbed.WithLiveObjects).Changes())
}

func TestReleaseOfAServiceThatAPersonPausedGoesThrough(t *testing.T) {
	drifting.AsTracked(t)
	drifting.Kubectl(t, "rollout", "pause", "deployment/auth-service", "--namespace", namespace)
	status, err := drifting.Box.Status(t.Context())
	require.NoError(t, err)
	require.False(t, status.RolledOut(), "the next release would hang")

	drifting.Up(t, func(c testbed.Configuration) {
		testbed.Service(c, "auth")["image"] = "dreamseed/auth-service:after-a-pause"
	})

	assert.Empty(t, drifting.Kubectl(t, "get", "deployment", "auth-service", "--namespace", namespace,
		"--output=jsonpath={.spec.paused}"))
	status, err = drifting.Box.Status(t.Context())
	require.NoError(t, err)
	assert.True(t, status.RolledOut())
}

func TestServiceScaledToNoneIsNotWell(t *testing.T) {
	drifting.AsTracked(t)
	drifting.Kubectl(t, "scale", "deployment/auth-service", "--namespace", namespace, "--replicas=0")

	status, err := drifting.Box.Status(t.Context())

	require.NoError(t, err)
	assert.False(t, status.RolledOut())
	for _, service := range status.Services {
		if service.Name != "auth-service" {
			assert.Empty(t, service.Problem, service.Name)
			continue
		}
		assert.Contains(t, service.Problem, "floor is 1")
		assert.Contains(t, service.Problem, "kubectl scale deployment/auth-service --namespace dreamseed-local --replicas=2")
	}
	shown := drifting.run(t, "status")
	assert.Equal(t, 3, shown.exitCode())
	assert.Contains(t, shown.output.String(), "an autoscaler does nothing at 0")
	again := drifting.run(t, "up")
	assert.NotZero(t, again.exitCode(), "an up that leaves it so has not done what it promises")

	drifting.Kubectl(t, "scale", "deployment/auth-service", "--namespace", namespace, "--replicas=2")
	drifting.Kubectl(t, "rollout", "status", "deployment/auth-service", "--namespace", namespace, "--timeout=60s")
	status, err = drifting.Box.Status(t.Context())
	require.NoError(t, err)
	assert.True(t, status.RolledOut(), "the command that was named helped")
}
