package storetest

import (
	"net"
	"os/exec"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/internal/freeport"
)

// Program returns the path of a program. The test fails and stops if there is none, and says which package of Debian
// has it.
func Program(tb testing.TB, name, debianPackage string) string {
	tb.Helper()
	path, err := exec.LookPath(name)
	require.NoError(tb, err, "install Debian's package %s", debianPackage)
	return path
}

// Ports are chosen below those of the sandbox, and far below the range from which a system takes ports of outgoing
// connections: one of those could have the port by the time a server listens on it.
var ports = &freeport.Range{First: 10000, Last: 14999}

// Port returns a free TCP port of the loopback interface.
func Port(tb testing.TB) int {
	tb.Helper()
	listener, err := ports.Listen()
	require.NoError(tb, err)
	require.NoError(tb, listener.Close())
	return listener.Addr().(*net.TCPAddr).Port
}
