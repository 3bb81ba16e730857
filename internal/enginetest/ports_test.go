package enginetest

import (
	"net"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/internal/enginetest/testbed"
	"github.com/dreamseed/platform/internal/sandbox/controlplane"
)

func TestTakenPortIsReplaced(t *testing.T) {
	failing.AsTracked(t)
	taken := failing.address(t, "kube-apiserver")
	require.NoError(t, failing.Box.Down(t.Context()))
	squatter, err := net.Listen("tcp", taken)
	require.NoError(t, err)
	defer func() { assert.NoError(t, squatter.Close()) }()

	summary := failing.Up(t, testbed.Tracked)

	assert.NotEqual(t, taken, failing.address(t, "kube-apiserver"))
	assert.Zero(t, summary.Changes(), "the cluster is the same one at another address: %+v", summary.Steps)
}

// address returns the address on which a component listens.
func (s *subject) address(t *testing.T, name string) string {
	t.Helper()
	status, err := s.Box.Status(t.Context())
	require.NoError(t, err)
	for _, component := range status.Components {
		if component.Name == name {
			assert.Equal(t, controlplane.Running, component.State)
			return component.Address
		}
	}
	require.Fail(t, "no such component", name)
	return ""
}
