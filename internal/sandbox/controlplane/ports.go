package controlplane

import (
	"context"
	"fmt"
	"net"
	"slices"
	"strconv"

	gopsutil "github.com/shirou/gopsutil/v4/net"

	"github.com/dreamseed/platform/internal/freeport"
)

// Ports are chosen below the range that systems use for outgoing connections and for listeners on any port: a port from
// that range could be taken again before the component listens on it.
const (
	firstPort = 15000
	lastPort  = 32767
)

// free are the ports of all control planes of this process, which may start several at once.
var free = &freeport.Range{First: firstPort, Last: lastPort}

// loopback is the only address that the components listen on.
const loopback = "127.0.0.1"

func address(port int) string { return net.JoinHostPort(loopback, strconv.Itoa(port)) }

// bindable reports whether a component could listen on the port now. It asks the system, so that it also notices when a
// stopped component has released its port.
func bindable(port int) bool {
	listener, err := net.Listen("tcp4", address(port))
	if err != nil {
		return false
	}
	return listener.Close() == nil
}

// choosePorts fills in the named ports: a remembered port stays if it is free, otherwise a free one replaces it.
func choosePorts(ports map[string]int, names []string) error {
	var held []net.Listener // all held until the last is chosen, so that none is chosen twice
	defer func() {
		for _, listener := range held {
			_ = listener.Close() // it accepted no connection
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

// listen listens on the port, or on any free port if it is taken or zero.
func listen(port int) (net.Listener, error) {
	if port != 0 {
		if listener, err := net.Listen("tcp4", address(port)); err == nil {
			return listener, nil
		}
	}
	return free.Listen()
}

// ownsPort reports whether exactly this process listens on the port.
func ownsPort(ctx context.Context, pid, port int) (bool, error) {
	connections, err := gopsutil.ConnectionsPidWithContext(ctx, "tcp", int32(pid))
	if err != nil {
		return false, fmt.Errorf("asking what process %d listens on: %w", pid, err)
	}
	return slices.ContainsFunc(connections, func(c gopsutil.ConnectionStat) bool {
		return c.Status == "LISTEN" && c.Laddr.Port == uint32(port)
	}), nil
}
