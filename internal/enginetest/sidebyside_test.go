package enginetest

import (
	"bytes"
	"context"
	"net"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/internal/sandbox"
	"github.com/dreamseed/platform/internal/sandbox/controlplane"
)

func TestProductionRunsBesideTheLocalStack(t *testing.T) {
	shared.up(t, asTracked)
	production := sandbox.Open(shared.layout, "production")
	t.Cleanup(func() { assert.NoError(t, production.Down(context.WithoutCancel(t.Context()))) })
	var output bytes.Buffer

	_, err := production.Up(untilInterrupted, sandbox.Display{Progress: &output, Engine: &output})

	require.NoError(t, err, output.String())
	for name, box := range map[string]*sandbox.Sandbox{"production": production, "local": shared.box} {
		status, err := box.Status(t.Context())
		require.NoError(t, err)
		assert.True(t, status.RolledOut(), name)
		assert.Len(t, status.Services, 7, name)
	}
}

func TestTakenPortIsReplaced(t *testing.T) {
	shared.up(t, asTracked)
	taken := shared.address(t, "kube-apiserver")
	require.NoError(t, shared.box.Down(t.Context()))
	squatter, err := net.Listen("tcp", taken)
	require.NoError(t, err)
	defer func() { assert.NoError(t, squatter.Close()) }()

	summary := shared.up(t, asTracked)

	assert.NotEqual(t, taken, shared.address(t, "kube-apiserver"))
	assert.Zero(t, summary.Changes(), "the cluster is the same one at another address: %+v", summary.Steps)
}

// address is where a component listens.
func (s *stand) address(t *testing.T, name string) string {
	t.Helper()
	status, err := s.box.Status(t.Context())
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
