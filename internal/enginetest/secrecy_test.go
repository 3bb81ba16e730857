package enginetest

import (
	"io/fs"
	"net"
	"path/filepath"
	"testing"

	gopsnet "github.com/shirou/gopsutil/v4/net"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// hasPrivateFiles asserts that only the owner can access the files of a sandbox. The command line must have created
// them: a test has the default file permissions.
func (s *subject) hasPrivateFiles(t *testing.T) {
	t.Helper()
	err := filepath.WalkDir(s.Stack.Dir, func(path string, entry fs.DirEntry, err error) error {
		require.NoError(t, err)
		if entry.Name() == ".kube" {
			return fs.SkipDir // kubectl's cache of the kinds of the API server, which are no secret
		}
		info, err := entry.Info()
		require.NoError(t, err)
		assert.Zero(t, info.Mode().Perm()&0o077, "%s is %s", path, info.Mode())
		return nil
	})

	require.NoError(t, err)
}

func TestEverySocketOfTheSandboxIsOnLoopback(t *testing.T) {
	local.AsTracked(t)
	status, err := local.Box.Status(t.Context())
	require.NoError(t, err)

	sockets := 0
	for _, component := range status.Components {
		connections, err := gopsnet.ConnectionsPid("tcp", int32(component.PID))
		require.NoError(t, err)
		for _, connection := range connections {
			if connection.Status == "LISTEN" {
				sockets++
				assert.True(t, net.ParseIP(connection.Laddr.IP).IsLoopback(),
					"%s listens on %s", component.Name, connection.Laddr.IP)
			}
		}
	}

	assert.GreaterOrEqual(t, sockets, len(status.Components), "the control: every component listens somewhere")
}
