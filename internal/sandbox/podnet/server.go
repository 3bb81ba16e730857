package podnet

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"time"
)

// readLimit is the time that a client has to send the headers of a request.
const readLimit = 10 * time.Second

// Server serves a network on loopback.
type Server struct {
	address string
	server  *http.Server
	ended   chan error
}

// Serve serves the network at a loopback address such as 127.0.0.1:0, where the system chooses the port.
func Serve(ctx context.Context, network *Network, address string) (*Server, error) {
	at, err := netip.ParseAddrPort(address)
	if err != nil || !at.Addr().IsLoopback() {
		return nil, fmt.Errorf("serving the pod network: %q is not an address and port of loopback", address)
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", address)
	if err != nil {
		return nil, fmt.Errorf("serving the pod network: %w", err)
	}
	s := &Server{
		address: listener.Addr().String(),
		server:  &http.Server{Handler: network, ReadHeaderTimeout: readLimit},
		ended:   make(chan error, 1),
	}
	go func() { s.ended <- s.server.Serve(listener) }()
	return s, nil
}

// URL returns the URL of the proxy.
func (s *Server) URL() string { return "http://" + s.address }

// Environment returns the environment variables that make a program use the network for plain HTTP, and for nothing
// else.
func (s *Server) Environment() []string { return []string{"HTTP_PROXY=" + s.URL()} }

// Close ends the server and its connections.
func (s *Server) Close() error {
	err := s.server.Close()
	if ended := <-s.ended; !errors.Is(ended, http.ErrServerClosed) {
		err = errors.Join(err, ended)
	}
	return err
}
