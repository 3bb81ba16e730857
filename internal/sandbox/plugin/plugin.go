// Package plugin serves a plugin to the Pulumi engine that started it. Language hosts and providers share the command
// line, the port and the shutdown.
package plugin

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/common/util/rpcutil"
	"google.golang.org/grpc"
)

// Service is the service of a plugin.
type Service interface {
	// Register adds the service to the server.
	Register(server *grpc.Server)
	// Stop ends everything that the service has running. It is called once, after the engine has ended or a signal came.
	Stop()
}

// heartbeat is the interval at which a plugin checks whether its engine is alive.
const heartbeat = time.Second

// Main is the main function of a plugin. start creates the service for the engine at the given address.
func Main(name string, start func(engine string) Service) {
	if err := serve(name, os.Args[1:], os.Stdout, start); err != nil {
		fmt.Fprintf(os.Stderr, "%s: %v\n", name, err)
		os.Exit(1)
	}
}

// serve serves the engine until the engine ends or a signal comes.
func serve(name string, args []string, stdout io.Writer, start func(engine string) Service) error {
	engine, err := engineAddress(name, args)
	if err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := rpcutil.Healthcheck(ctx, engine, heartbeat, stop); err != nil {
		return fmt.Errorf("watching the engine at %s: %w", engine, err)
	}
	service := start(engine)
	ended := make(chan bool)
	context.AfterFunc(ctx, func() {
		service.Stop()
		close(ended)
	})
	handle, err := rpcutil.ServeWithOptions(rpcutil.ServeOptions{
		Cancel: ended,
		Init: func(server *grpc.Server) error {
			service.Register(server)
			return nil
		},
	})
	if err != nil {
		return fmt.Errorf("serving the engine at %s: %w", engine, err)
	}
	if _, err := fmt.Fprintln(stdout, handle.Port); err != nil {
		return fmt.Errorf("telling the engine the port: %w", err)
	}
	return <-handle.Done
}

// engineAddress parses the command line that the engine writes: its logging flags, which are ignored here, and the
// address that it listens on.
func engineAddress(name string, args []string) (string, error) {
	flags := flag.NewFlagSet(name, flag.ContinueOnError)
	flags.Bool("logtostderr", false, "accepted from the engine and ignored")
	flags.Bool("logflow", false, "accepted from the engine and ignored")
	flags.Int("v", 0, "accepted from the engine and ignored")
	flags.String("tracing", "", "accepted from the engine and ignored")
	if err := flags.Parse(args); err != nil {
		return "", err
	}
	if flags.NArg() != 1 {
		return "", errors.New("started without the address of an engine: this program is run by pulumi, not by hand")
	}
	return flags.Arg(0), nil
}
