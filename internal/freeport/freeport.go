// Package freeport finds TCP ports of the loopback interface on which nobody listens.
package freeport

import (
	"errors"
	"math/rand/v2"
	"net"
	"strconv"
	"sync"
)

// Range is a range of ports, both ends included. It gives none twice: seconds may pass before the one that got a port
// listens on it, and until then a check that the port is free would give it to somebody else in the same process.
type Range struct {
	First, Last int

	given sync.Map
}

// tries is how often Listen draws a port.
const tries = 50

// ErrNone means that every port that was drawn had been given before.
var ErrNone = errors.New("no port is left")

// Listen listens on a port of the range that it has not given before. Close the listener where another process is to
// have the port. It returns ErrNone, or why the last port that it tried is taken.
func (r *Range) Listen() (net.Listener, error) {
	err := ErrNone
	for range tries {
		port := r.First + rand.IntN(r.Last-r.First+1) //nolint:gosec // it is no secret
		if _, twice := r.given.LoadOrStore(port, true); twice {
			continue
		}
		var listener net.Listener
		if listener, err = net.Listen("tcp4", net.JoinHostPort("127.0.0.1", strconv.Itoa(port))); err == nil {
			return listener, nil
		}
	}
	return nil, err
}
