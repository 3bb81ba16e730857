package full

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/internal/enginetest/testbed"
	"github.com/dreamseed/platform/services/catalogue"
)

// Argo Rollouts does not notice when its key is removed from a selector. So every apply must contain that key, and must
// remove every other foreign key.
func TestVersionThatBlueGreenSelectsOutlivesWhatAnotherHandDoes(t *testing.T) {
	releasing.Taken(t)
	running := release{strategy: catalogue.BlueGreen, image: "v0", prometheus: newPrometheus(t)}
	releasing.Up(t, running.patiently)
	selected := selectorOf(t, "auth-service")
	require.Contains(t, selected, "rollouts-pod-template-hash", "the control")

	for patch, want := range map[string]string{
		`[{"op":"add","path":"/spec/selector/none","value":"such"}]`:                                   "a further key",
		`[{"op":"replace","path":"/spec/selector/app.kubernetes.io~1name","value":"payment-service"}]`: "other pods",
		`[{"op":"replace","path":"/spec/ports/0/targetPort","value":9}]`:                               "another reason",
	} {
		releasing.Kubectl(t, "patch", "service", "auth-service", "--namespace", namespace,
			"--field-manager=node-fetch", "--type=json", "--patch="+patch)

		assert.Equal(t, []string{"auth-service"}, testbed.Changed(releasing.Preview(t, testbed.WithLiveObjects)), want)
		releasing.Up(t, running.patiently)

		assert.Equal(t, selected, selectorOf(t, "auth-service"), want)
		assert.Zero(t, releasing.Preview(t, testbed.WithLiveObjects).Changes(), want)
	}

	next := running.with("v1")
	releasing.Up(t, next.patiently)
	assert.Equal(t, []string{"dreamseed/auth-service:v1"}, servedImages(t, releasing, "auth-service"))
	assert.NotEqual(t, selected, selectorOf(t, "auth-service"), "the next version is selected")
	assert.Zero(t, releasing.Preview(t, testbed.WithLiveObjects).Changes())
}

// patiently gives Argo Rollouts time to notice that a Rollout is valid again: without an event it checks after 20
// seconds (https://github.com/argoproj/argo-rollouts/blob/v1.10.1/rollout/controller.go, enqueueRolloutAfter).
func (r release) patiently(c testbed.Configuration) {
	r.configure(c)
	c["dreamseed:rolloutDeadlineSeconds"] = 60
}

// selectorOf returns the selector of a Service in the services' namespace.
func selectorOf(t *testing.T, name string) map[string]string {
	t.Helper()
	printed := releasing.Kubectl(t, "get", "service", name, "--namespace", namespace, "--output=jsonpath={.spec.selector}")
	var keys map[string]string
	require.NoError(t, json.Unmarshal([]byte(printed), &keys))
	return keys
}
