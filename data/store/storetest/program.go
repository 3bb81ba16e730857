package storetest

import (
	"math/rand/v2"
	"net"
	"os/exec"
	"strconv"
	"sync"
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

// Ports are chosen below those of the sandbox, and far below the range from which a system takes ports of outgoing
// connections: one of those could have the port by the time a server listens on it.
const (
	firstPort = 10000
	lastPort  = 14999
)

// given are the ports that were chosen, because no server may listen on one yet.
var given sync.Map

// Port returns a free TCP port of the loopback interface.
func Port(tb testing.TB) int {
	tb.Helper()
	for {
		port := firstPort + rand.IntN(lastPort-firstPort+1) //nolint:gosec // it is no secret
		if _, twice := given.LoadOrStore(port, true); twice {
			continue
		}
		listener, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
		if err == nil {
			require.NoError(tb, listener.Close())
			return port
		}
	}
}
