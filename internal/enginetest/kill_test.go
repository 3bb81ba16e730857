package enginetest

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/internal/enginetest/testbed"
	"github.com/dreamseed/platform/internal/sandbox"
)

func TestKilledEngineIsRecoveredByTheNextUp(t *testing.T) {
	dying.AsTracked(t)
	undisturbed := dying.namedObjects(t)
	dying.Destroy(t)

	dying.killEngineDuringUp(t)
	dying.Up(t, testbed.Tracked)

	assert.Equal(t, undisturbed, dying.namedObjects(t), "no orphan, no duplicate, nothing missing")
	assert.Zero(t, dying.Preview(t, testbed.WithLiveObjects).Changes())
	assert.Empty(t, dying.pendingOperations(t))
}

func TestKilledEngineIsRecoveredByDestroy(t *testing.T) {
	dying.Emptied(t)

	dying.killEngineDuringUp(t)
	dying.Destroy(t)

	assert.Empty(t, dying.PlatformObjects(t), "what the killed run created is known and deleted")
}

// killEngineDuringUp starts an up and kills the engine, but not the sandbox's own process, while it creates objects.
func (s *subject) killEngineDuringUp(t *testing.T) {
	t.Helper()
	s.Configure(t, testbed.Tracked)
	s.Box.SaveOnce = false // a user's state is written at each step
	ended := make(chan error, 1)
	go func() {
		var output bytes.Buffer
		_, err := s.Box.Up(testbed.UntilInterrupted, sandbox.Display{Progress: &output, Engine: &output})
		ended <- err
	}()
	for !s.hasDeployments(t) {
		select {
		case err := <-ended:
			require.FailNow(t, "the engine ended before it created a deployment", "%v", err)
		case <-time.After(20 * time.Millisecond):
		}
	}
	require.NoError(t, syscall.Kill(s.enginePID(t), syscall.SIGKILL))
	require.Error(t, <-ended)
	assert.NotEmpty(t, s.pendingOperations(t), "the control: the engine was in the middle of something")
}

func (s *subject) hasDeployments(t *testing.T) bool {
	t.Helper()
	printed, err := s.TryKubectl(t.Context(), nil, "get", "deployments", "--namespace", namespace, "--output=name")
	return err == nil && strings.Contains(printed, "deployment")
}

// enginePID returns the process ID of the running engine, as the sandbox recorded it.
func (s *subject) enginePID(t *testing.T) int {
	t.Helper()
	recorded, err := os.ReadFile(filepath.Join(s.Stack.Processes(), "engine.json"))
	require.NoError(t, err)
	var record struct{ PID int }
	require.NoError(t, json.Unmarshal(recorded, &record))
	require.NotZero(t, record.PID, string(recorded))
	return record.PID
}

// pendingOperations returns the operations that the engine's state records as started and not finished.
func (s *subject) pendingOperations(t *testing.T) []any {
	t.Helper()
	state, err := os.ReadFile(filepath.Join(s.Stack.State(), ".pulumi/stacks/dreamseed", s.Stack.Name+".json"))
	require.NoError(t, err)
	var checkpoint struct {
		Checkpoint struct {
			Latest struct {
				Pending []any `json:"pending_operations"`
			} `json:"latest"`
		} `json:"checkpoint"`
	}
	require.NoError(t, json.Unmarshal(state, &checkpoint))
	return checkpoint.Checkpoint.Latest.Pending
}

// namedObjects lists the services' objects that the platform itself named, sorted. Those that controllers add have
// random names.
func (s *subject) namedObjects(t *testing.T) []string {
	t.Helper()
	kinds := "resourcequotas,limitranges,networkpolicies,serviceaccounts,configmaps,secrets,deployments,services"
	var names []string
	for _, found := range s.Each(t, kinds, "--namespace", s.Namespace()) {
		names = append(names, found.Kind+" "+found.Metadata.Name)
	}
	slices.Sort(names)
	return names
}
