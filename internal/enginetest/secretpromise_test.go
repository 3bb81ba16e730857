package enginetest

import (
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/internal/enginetest/testbed"
)

// patientFor is a short deadline, so that runs waste no time waiting for a secret that never comes.
const patientFor = 12

// keyed configures payment with an image and a secret API_KEY_MISSING, to which the sandbox gives no value.
func keyed(image string, secret map[string]any) func(testbed.Configuration) {
	return func(c testbed.Configuration) {
		c["dreamseed:rolloutDeadlineSeconds"] = patientFor
		c["dreamseed:secrets"] = map[string]any{"refreshSeconds": 1}
		testbed.Service(c, "payment")["image"] = "dreamseed/payment-service:" + image
		testbed.Service(c, "payment")["secrets"] = map[string]any{"API_KEY_MISSING": secret}
	}
}

const (
	keptKey  = "dreamseed-local-payment-api-key-missing"
	readKey  = "payment-secrets-api-key-missing"
	drawnKey = "payment-service-api-key-missing"
)

var (
	readFrom  = map[string]any{}
	drawnOnce = map[string]any{"generate": 32}
)

// A failed run fails again, for the same reason, until the reason is gone.
func TestASecretThatIsMissingFailsEveryRun(t *testing.T) {
	failing.AsTracked(t)
	missing := keyed("needs-a-key", readFrom)
	for run := range 2 {
		var err error
		seen := failing.Recorded(t, func() { _, _, err = failing.TryUp(t, missing) })
		assert.False(t, testbed.Tried(t, seen, "payment-service", "dreamseed/payment-service:needs-a-key"), "run %d", run+1)
		for _, word := range []string{"payment-service has no secret API_KEY_MISSING", keptKey, "give it a value"} {
			require.ErrorContains(t, err, word, "run %d", run+1)
		}
	}
	status, err := failing.Box.Status(t.Context())
	require.NoError(t, err)
	require.NotEmpty(t, status.Problems)
	assert.Contains(t, status.Problems[0].What, "payment-service has no secret API_KEY_MISSING")

	failing.keepKey(t)
	failing.lookAt(t, readKey)
	failing.Up(t, missing)

	assert.Equal(t, "the key", failing.MountedValue(t, "payment-service", "API_KEY_MISSING"))
	status, err = failing.Box.Status(t.Context())
	require.NoError(t, err)
	assert.Empty(t, status.Problems)
}

// keepKey gives the secret its value until the test ends.
func (s *subject) keepKey(t *testing.T) {
	t.Helper()
	s.SetInSecretManager(t, keptKey, "the key")
	t.Cleanup(func() { s.forget(t, keptKey, "secret-manager") })
}

// forget deletes a Secret. It also works during a test's clean-up.
func (s *subject) forget(t *testing.T, secret, namespace string) {
	t.Helper()
	printed, err := s.TryKubectl(testbed.UntilInterrupted, nil,
		"delete", "secret", secret, "--namespace", namespace, "--ignore-not-found")
	assert.NoError(t, err, printed)
}

// lookAt makes External Secrets refresh at once, as the runbook describes.
func (s *subject) lookAt(t *testing.T, externalSecret string) {
	t.Helper()
	s.Kubectl(t, "annotate", "externalsecret", externalSecret, "--namespace", s.Namespace(), "--overwrite",
		fmt.Sprintf("force-sync=%d", time.Now().UnixNano()))
}

// A value that is lost between releases does not affect the running pods, but fails the next run.
func TestASecretThatWasLostSinceFailsTheNextRelease(t *testing.T) {
	drifting.AsTracked(t)
	drifting.keepKey(t)
	drifting.Up(t, keyed("dev", readFrom))
	drifting.forget(t, keptKey, "secret-manager")
	drifting.Kubectl(t, "wait", "--namespace", drifting.Namespace(), "externalsecret/"+readKey, "--timeout=60s",
		"--for=condition=Ready=False")

	_, _, unchanged := drifting.TryUp(t, keyed("dev", readFrom))
	released := drifting.Recorded(t, func() {
		// This is the way of a person without a sandbox.
		folder := t.TempDir()
		require.NoError(t, os.CopyFS(folder, os.DirFS(drifting.Box.Project())))
		drifting.setByHand(t, folder, "dreamseed:services.payment.image", "dreamseed/payment-service:released")
		byHand := drifting.Pulumi(t, folder, nil, "up", "--yes", "--skip-preview", "--stack", drifting.Stack.Name)
		require.Error(t, byHand.Err, byHand.Output)
		assert.Contains(t, byHand.Output, "payment-secrets-read-API_KEY_MISSING")
	})
	_, _, again := drifting.TryUp(t, keyed("released", readFrom))

	for run, err := range map[string]error{"unchanged": unchanged, "again": again} {
		require.ErrorContains(t, err, "payment-service has no secret API_KEY_MISSING", run)
	}
	assert.False(t, testbed.Tried(t, released, "payment-service", "dreamseed/payment-service:released"))
	assert.Equal(t, "the key", drifting.MountedValue(t, "payment-service", "API_KEY_MISSING"),
		"the pods keep what they have")
}

// One origin of a value replaces another only once it has a value, and loses none.
func TestAnOriginIsNotTakenForAnother(t *testing.T) {
	failing.AsTracked(t)
	t.Cleanup(func() { failing.forget(t, drawnKey, failing.Namespace()) })
	failing.Up(t, keyed("dev", drawnOnce))
	value := failing.MountedValue(t, "payment-service", "API_KEY_MISSING")
	require.Regexp(t, "^[A-Za-z0-9]{32}$", value)

	_, _, err := failing.TryUp(t, keyed("dev", readFrom))

	require.ErrorContains(t, err, "payment-service has no secret API_KEY_MISSING: ExternalSecret "+readKey)
	assert.Equal(t, value, failing.MountedValue(t, "payment-service", "API_KEY_MISSING"), "the pods keep what they have")

	failing.keepKey(t)
	failing.lookAt(t, readKey)
	failing.Up(t, keyed("dev", readFrom))
	assert.Equal(t, "the key", failing.MountedValue(t, "payment-service", "API_KEY_MISSING"))
	assert.Empty(t, failing.List(t, "externalsecrets", "--namespace", failing.Namespace(),
		"--field-selector", "metadata.name="+drawnKey))

	failing.Up(t, keyed("dev", drawnOnce))
	assert.Equal(t, value, failing.MountedValue(t, "payment-service", "API_KEY_MISSING"), "it was drawn once and for all")
}
