package storetest

import (
	"net"
	"os/exec"
	"testing"

	"github.com/stretchr/testify/require"
)

// Program returns the path of a program. The test fails and stops if there is none, and says which package of Debian
// has it.
func Program(tb testing.TB, name, debianPackage string) string {
	tb.Helper()
	path, err := exec.LookPath(name)
	require.NoError(tb, err, "install Debian's package %s", debianPackage)
	return path
}

// Port returns a free TCP port of the loopback interface.
func Port(tb testing.TB) int {
	tb.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(tb, err)
	port := listener.Addr().(*net.TCPAddr).Port
	require.NoError(tb, listener.Close())
	return port
}
