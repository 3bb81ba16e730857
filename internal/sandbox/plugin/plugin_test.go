package plugin

import (
	"bytes"
	"net"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc"
)

// idle is a service without methods.
type idle struct{ stopped bool }

func (*idle) Register(*grpc.Server) {}
func (i *idle) Stop()               { i.stopped = true }

func TestAPluginEndsWithItsEngine(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	gone := listener.Addr().String()
	require.NoError(t, listener.Close())
	var stdout bytes.Buffer
	service := &idle{}

	require.NoError(t, serve("plugin", []string{gone}, &stdout, func(string) Service { return service }))

	assert.Regexp(t, `^\d+$`, strings.TrimSpace(stdout.String()), "the port, and nothing else")
	assert.True(t, service.stopped, "what it had running ends with it")
}

func TestTheCommandLineIsTheEngines(t *testing.T) {
	address, err := engineAddress("plugin", []string{"--logtostderr", "-v=8", "--tracing", "x", "127.0.0.1:7"})
	require.NoError(t, err)
	assert.Equal(t, "127.0.0.1:7", address)

	_, err = engineAddress("plugin", nil)
	assert.ErrorContains(t, err, "run by pulumi, not by hand")
}
