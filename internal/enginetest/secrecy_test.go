package enginetest

import (
	"encoding/base64"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	gopsnet "github.com/shirou/gopsutil/v4/net"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestDatabasePasswordIsNowhereInClear(t *testing.T) {
	local.asTracked(t)
	secrets := local.list(t, "secrets", "--namespace", namespace)
	require.Len(t, secrets, 1)
	url, err := base64.StdEncoding.DecodeString(secrets[0].Data["url"])
	require.NoError(t, err)
	_, password, _ := strings.Cut(strings.Split(string(url), "@")[0], "dreamseed:")
	require.Greater(t, len(password), 20, "the control: there is a password to look for")

	for path, content := range local.files(t) {
		if strings.Contains(path, "/etcd/") {
			continue // where Kubernetes itself keeps Secrets
		}
		assert.NotContains(t, content, password, path)
		assert.NotContains(t, content, secrets[0].Data["url"], path)
	}
}

func TestDatabasePasswordStaysTheSame(t *testing.T) {
	changing.asTracked(t)
	before := changing.list(t, "secrets", "--namespace", namespace)

	changing.up(t, func(c configuration) { c["dreamseed:rolloutDeadlineSeconds"] = 61 })

	assert.Equal(t, before[0].Data, changing.list(t, "secrets", "--namespace", namespace)[0].Data)
}

func TestFilesOfTheSandboxAreTheOwnersAlone(t *testing.T) {
	box := newTestStand(t, "local-private")
	up := box.run(t, "up")
	require.Zero(t, up.exitCode(), up.output.String())

	err := filepath.WalkDir(box.stack.Dir, func(path string, entry fs.DirEntry, err error) error {
		require.NoError(t, err)
		if entry.Name() == ".kube" {
			return fs.SkipDir // kubectl's cache of what the API server tells anybody: which kinds it has
		}
		info, err := entry.Info()
		require.NoError(t, err)
		assert.Zero(t, info.Mode().Perm()&0o077, "%s is %s", path, info.Mode())
		return nil
	})

	require.NoError(t, err)
}

func TestEverySocketOfTheSandboxIsOnLoopback(t *testing.T) {
	local.asTracked(t)
	status, err := local.box.Status(t.Context())
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

// files reads every file of the stack's sandbox.
func (s *stand) files(t *testing.T) map[string]string {
	t.Helper()
	contents := map[string]string{}
	err := filepath.WalkDir(s.stack.Dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		content, err := os.ReadFile(path)
		contents[path] = string(content)
		return err
	})
	require.NoError(t, err)
	return contents
}
