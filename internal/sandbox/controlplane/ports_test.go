package controlplane

import (
	"net"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func occupy(t *testing.T) int {
	t.Helper()
	listener, err := net.Listen("tcp4", address(0))
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, listener.Close()) })
	return listener.Addr().(*net.TCPAddr).Port
}

func TestEveryComponentGetsAPortOfItsOwn(t *testing.T) {
	ports := map[string]int{}
	names := []string{etcd, etcdPeer, apiServer, kwok}
	require.NoError(t, choosePorts(ports, names))
	distinct := map[int]bool{}
	for _, name := range names {
		distinct[ports[name]] = true
		assert.True(t, bindable(ports[name]), "what was held while choosing is free again")
	}
	assert.Len(t, distinct, len(names))
}

func TestPortsAreChosenBelowThoseThatTheSystemGivesAway(t *testing.T) {
	ports := map[string]int{}
	for range 20 {
		clear(ports)
		require.NoError(t, choosePorts(ports, []string{etcd, apiServer}))
		for name, port := range ports {
			assert.GreaterOrEqual(t, port, firstPort, name)
			assert.LessOrEqual(t, port, lastPort, name)
		}
	}
}

func TestNoPortIsChosenForTwoControlPlanes(t *testing.T) {
	chosen := map[int]bool{}
	for range 1000 { // of 17768 ports: without a memory, some thirty would be chosen twice
		ports := map[string]int{}
		require.NoError(t, choosePorts(ports, []string{etcd}))
		assert.False(t, chosen[ports[etcd]], "nobody listens there yet: %d", ports[etcd])
		chosen[ports[etcd]] = true
	}
}

func TestARememberedPortStays(t *testing.T) {
	ports := map[string]int{}
	require.NoError(t, choosePorts(ports, []string{apiServer}))
	before := ports[apiServer]
	require.NoError(t, choosePorts(ports, []string{apiServer}))
	assert.Equal(t, before, ports[apiServer])
}

func TestATakenPortIsReplacedAndTheOthersStay(t *testing.T) {
	taken := occupy(t)
	ports := map[string]int{apiServer: taken, kwok: 1}
	require.NoError(t, choosePorts(ports, []string{apiServer}))
	assert.NotEqual(t, taken, ports[apiServer])
	assert.NotZero(t, ports[apiServer])
	assert.Equal(t, 1, ports[kwok], "the port of what runs is not asked for")
	assert.False(t, bindable(taken))
}

func TestPortsAreRememberedInAFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "control-plane.json")
	first, err := readState(path)
	require.NoError(t, err)
	assert.False(t, first.Up)
	first.Ports[etcd], first.Up = 4711, true
	require.NoError(t, first.write(path))

	second, err := readState(path)
	require.NoError(t, err)
	assert.Equal(t, first, second)
}
