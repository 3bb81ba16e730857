package controlplane

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net"
	"slices"
	"strconv"

	gopsutil "github.com/shirou/gopsutil/v4/net"
)

// Ports are chosen below those that systems give to outgoing connections and to listeners that ask for any port: one of
// these would be lost again between its being chosen and the component listening on it.
const (
	firstPort = 15000
	lastPort  = 32767
	tries     = 50
)

// loopback is the only address that anything listens on.
const loopback = "127.0.0.1"

func address(port int) string { return net.JoinHostPort(loopback, strconv.Itoa(port)) }

// bindable tells whether a component could listen on the port now. It asks the system, so that it also tells when a
// component that was just stopped has given its port back.
func bindable(port int) bool {
	listener, err := net.Listen("tcp4", address(port))
	if err != nil {
		return false
	}
	return listener.Close() == nil
}

// choosePorts completes the named ports: a remembered one that is free stays, any other is replaced by a free one.
func choosePorts(ports map[string]int, names []string) error {
	var held []net.Listener // all held until the last is chosen, so that none is chosen twice
	defer func() {
		for _, listener := range held {
			_ = listener.Close() // nothing was accepted on it
		}
	}()
	for _, name := range names {
		listener, err := listen(ports[name])
		if err != nil {
			return fmt.Errorf("choosing a port for %s: %w", name, err)
		}
		held = append(held, listener)
		ports[name] = listener.Addr().(*net.TCPAddr).Port
	}
	return nil
}

// listen listens on the port, and on any free one where it is taken or zero.
func listen(port int) (net.Listener, error) {
	if port != 0 {
		if listener, err := net.Listen("tcp4", address(port)); err == nil {
			return listener, nil
		}
	}
	var err error
	for range tries {
		candidate := firstPort + rand.IntN(lastPort-firstPort+1) //nolint:gosec // it is no secret
		var listener net.Listener
		if listener, err = net.Listen("tcp4", address(candidate)); err == nil {
			return listener, nil
		}
	}
	return nil, err
}

// ownsPort tells whether it is this very process that listens on the port.
func ownsPort(ctx context.Context, pid, port int) (bool, error) {
	connections, err := gopsutil.ConnectionsPidWithContext(ctx, "tcp", int32(pid))
	if err != nil {
		return false, fmt.Errorf("asking what process %d listens on: %w", pid, err)
	}
	return slices.ContainsFunc(connections, func(c gopsutil.ConnectionStat) bool {
		return c.Status == "LISTEN" && c.Laddr.Port == uint32(port)
	}), nil
}
