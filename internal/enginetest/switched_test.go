package enginetest

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/services/catalogue"
)

// Argo Rollouts does not notice when its key is taken out of a selector. So it has to be there in everything that an up
// applies, and whatever else is there has to go.
func TestVersionThatBlueGreenSelectsOutlivesWhatAnotherHandDoes(t *testing.T) {
	releasing.taken(t)
	running := release{strategy: catalogue.BlueGreen, image: "v0", prometheus: newPrometheus(t)}
	releasing.up(t, running.configure)
	selected := releasing.selector(t, "auth-service")
	require.Contains(t, selected, "rollouts-pod-template-hash", "the control")

	for does, want := range map[string]string{
		merge + `{"spec":{"selector":{"none":"such"}}}`:                                       "a further key",
		merge + `{"spec":{"selector":{"app.kubernetes.io/name":"payment-service"}}}` + byLens: "other pods",
		list + `[{"op":"replace","path":"/spec/ports/0/targetPort","value":9}]`:               "an update for another reason",
	} {
		mutation{object: "service/auth-service", does: does}.happens(t, releasing)

		assert.Equal(t, []string{"auth-service"}, changed(releasing.preview(t, withLiveObjects)), want)
		releasing.up(t, running.configure)

		assert.Equal(t, selected, releasing.selector(t, "auth-service"), want)
		assert.Zero(t, releasing.preview(t, withLiveObjects).Changes(), want)
	}

	next := running.with("v1")
	releasing.up(t, next.configure)
	assert.Equal(t, []string{"dreamseed/auth-service:v1"}, releasing.servedImages(t))
	assert.NotEqual(t, selected, releasing.selector(t, "auth-service"), "the next version is selected")
	assert.Zero(t, releasing.preview(t, withLiveObjects).Changes())
}

// selector is what a Service of the services' namespace selects pods by.
func (s *stand) selector(t *testing.T, name string) map[string]string {
	t.Helper()
	printed := s.kubectl(t, "get", "service", name, "--namespace", s.namespace(), "--output=jsonpath={.spec.selector}")
	var keys map[string]string
	require.NoError(t, json.Unmarshal([]byte(printed), &keys))
	return keys
}
