package controlplane

import (
	"fmt"
	"net"
	"strconv"
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

// listen listens on the port, and on any free one where it is taken.
func listen(port int) (net.Listener, error) {
	if listener, err := net.Listen("tcp4", address(port)); err == nil {
		return listener, nil
	}
	return net.Listen("tcp4", address(0))
}
