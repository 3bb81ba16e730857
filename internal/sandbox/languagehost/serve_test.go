package main

import (
	"bytes"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Limits of waiting: neither is a measurement.
const (
	waitLimit = time.Minute
	poll      = 10 * time.Millisecond
)

func TestTheHostEndsWithItsEngine(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	gone := listener.Addr().String()
	require.NoError(t, listener.Close())
	var stdout bytes.Buffer

	require.NoError(t, serve([]string{gone}, &stdout))

	assert.Regexp(t, `^\d+$`, strings.TrimSpace(stdout.String()), "the port, and nothing else")
}
