package freeport_test

import (
	"net"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/internal/freeport"
)

func TestNoPortIsGivenTwice(t *testing.T) {
	held, err := (&freeport.Range{First: 15000, Last: 32767}).Listen()
	require.NoError(t, err)
	defer func() { require.NoError(t, held.Close()) }()
	port := held.Addr().(*net.TCPAddr).Port

	one := &freeport.Range{First: port, Last: port}
	_, err = one.Listen()
	require.Error(t, err, "somebody listens there")
	_, err = one.Listen()
	require.ErrorIs(t, err, freeport.ErrNone)
}
