package beside

import (
	"context"
	"net"
	"net/http"

	corev1 "k8s.io/api/core/v1"

	"github.com/dreamseed/platform/internal/sandbox/container"
	"github.com/dreamseed/platform/internal/sandbox/podnet"
)

// instance is a program in place of one container.
type instance struct {
	program *program
	process *container.Process
	// pod is the namespace and name of its pod.
	pod string
	// folder holds its volumes, log and record.
	folder string
	// addresses are on loopback, by the port of the pod that they stand for, and handlers hand on to them.
	addresses map[int]string
	handlers  map[int]http.Handler
	// gossip is the address for its peers. Empty if it has none.
	gossip string
	flags  []string
	ready  string
}

// newInstance chooses the addresses of a program.
func newInstance(ctx context.Context, of *corev1.Container, as *program) (*instance, error) {
	one := &instance{
		program: as, flags: as.flags[:len(as.flags):len(as.flags)],
		addresses: map[int]string{}, handlers: map[int]http.Handler{},
	}
	for i, listener := range as.listeners {
		port, err := listener.podPort(of)
		if err != nil {
			return nil, err
		}
		address, err := freeAddress(ctx)
		if err != nil {
			return nil, err
		}
		if i == 0 {
			one.ready = "http://" + address + as.ready
		}
		one.addresses[port], one.handlers[port] = address, podnet.Forward(address)
		one.flags = append(one.flags, listener.here(address)...)
	}
	var err error
	if as.gossips {
		one.gossip, err = freeAddress(ctx)
	}
	return one, err
}

// freeAddress returns an address of loopback at which nothing listens.
func freeAddress(ctx context.Context) (string, error) {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp4", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return listener.Addr().String(), listener.Close()
}
