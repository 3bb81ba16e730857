package testbed

import (
	"context"
	"encoding/json"
	"io"
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// List returns objects from the API server, with the arguments of `kubectl get`.
func (s *Testbed) List(t *testing.T, words ...string) []Object {
	t.Helper()
	var list struct {
		Items []Object `json:"items"`
	}
	require.NoError(t, json.Unmarshal([]byte(s.Kubectl(t, append([]string{"get", "--output=json"}, words...)...)), &list))
	return list.Items
}

// Each is List for a loop over all of them. The test fails and stops if there is none: a loop over nothing would prove
// nothing.
func (s *Testbed) Each(t *testing.T, words ...string) []Object {
	t.Helper()
	found := s.List(t, words...)
	require.NotEmpty(t, found, "there is none of %v", words)
	return found
}

// Kubectl runs kubectl against the sandbox and returns its output.
func (s *Testbed) Kubectl(t *testing.T, words ...string) string {
	t.Helper()
	printed, err := s.TryKubectl(t.Context(), nil, words...)
	require.NoError(t, err, printed)
	return printed
}

// TryKubectl is Kubectl with a standard input, for commands that may fail: then it returns the standard error.
func (s *Testbed) TryKubectl(ctx context.Context, stdin io.Reader, words ...string) (string, error) {
	s.hold.note(words)
	command := exec.CommandContext(ctx, s.Layout.Binary("kubectl"),
		append([]string{"--kubeconfig", s.Stack.Kubeconfig(), "--context", s.Stack.Context()}, words...)...)
	command.Stdin = stdin
	var complaint strings.Builder
	command.Stderr = &complaint // also gets warnings of old API versions, which are not part of the output
	printed, err := command.Output()
	if err != nil {
		return complaint.String(), err
	}
	return string(printed), nil
}

// With adds an object to the namespace of the services until the test ends. The name is kind/name, as kubectl takes it.
func (s *Testbed) With(t *testing.T, name, manifest string) {
	t.Helper()
	printed, err := s.TryKubectl(t.Context(), strings.NewReader(manifest),
		"create", "--namespace", s.Namespace(), "--filename=-")
	require.NoError(t, err, printed)
	t.Cleanup(func() {
		printed, err := s.TryKubectl(context.WithoutCancel(t.Context()), nil,
			"delete", name, "--namespace", s.Namespace(), "--ignore-not-found")
		assert.NoError(t, err, printed)
	})
}
