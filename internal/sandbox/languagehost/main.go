// Command pulumi-language-go lets the Pulumi engine run a Go program that is already built.
//
// It stands in for the official Go language host, which is not to be had as a Go module. It differs from it in one
// thing: it never compiles. The program is the one that Pulumi.yaml names:
//
//	runtime:
//	  name: go
//	  options:
//	    binary: /absolute/path/of/the/program
package main

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
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc"
)

// heartbeat is how often the host asks whether its engine still lives.
const heartbeat = time.Second

func main() {
	if err := serve(os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "pulumi-language-go:", err)
		os.Exit(1)
	}
}

// serve answers the engine until the engine ends, or a signal does.
func serve(args []string, stdout io.Writer) error {
	engine, err := engineAddress(args)
	if err != nil {
		return err
	}

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := rpcutil.Healthcheck(ctx, engine, heartbeat, stop); err != nil {
		return fmt.Errorf("watching the engine at %s: %w", engine, err)
	}

	host := newLanguageHost(engine)
	ended := make(chan bool)
	context.AfterFunc(ctx, func() {
		host.abort()
		close(ended)
	})
	handle, err := rpcutil.ServeWithOptions(rpcutil.ServeOptions{
		Cancel: ended,
		Init: func(server *grpc.Server) error {
			pulumirpc.RegisterLanguageRuntimeServer(server, host)
			return nil
		},
	})
	if err != nil {
		return fmt.Errorf("serving the language runtime: %w", err)
	}
	if _, err := fmt.Fprintln(stdout, handle.Port); err != nil {
		return fmt.Errorf("telling the engine the port: %w", err)
	}
	return <-handle.Done
}

// engineAddress reads the command line as the engine writes it: its logging flags, which need no answer here, and
// the address it listens on.
func engineAddress(args []string) (string, error) {
	flags := flag.NewFlagSet("pulumi-language-go", flag.ContinueOnError)
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
