// Package controller runs the stand-in of an operator beside a sandbox's control plane: a program that looks at what
// there is whenever it has changed, and writes what the operator would.
package controller

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/spf13/pflag"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/tools/clientcmd"
)

// Controller brings every object of its operator into the state in which the operator would leave it. What fails is
// tried again. The certificate is that of an authority, in PEM, which the operator publishes as its own: it signs
// nothing.
type Controller func(ctx context.Context, client dynamic.Interface, certificate []byte) error

// Main runs the controller of an operator until the process is told to stop: at first, and whenever an object of one of
// the kinds has changed. It is the whole of a stand-in's program.
func Main(operator string, controller Controller, kinds ...Kind) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:], operator, controller, kinds); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1) //nolint:gocritic // nothing is left for the deferred call to do
	}
}

func run(ctx context.Context, arguments []string, operator string, controller Controller, kinds []Kind) error {
	certificate, err := authority(operator)
	if err != nil {
		return err
	}
	set := pflag.NewFlagSet("standin", pflag.ExitOnError)
	kubeconfig := set.String("kubeconfig", "", "the kubeconfig")
	health := set.String("health-addr", "", "the loopback address of health")
	_ = set.Parse(arguments) // it exits on an error
	config, err := clientcmd.BuildConfigFromFlags("", *kubeconfig)
	if err != nil {
		return fmt.Errorf("reading the kubeconfig: %w", err)
	}
	client, err := dynamic.NewForConfig(config)
	if err != nil {
		return fmt.Errorf("connecting: %w", err)
	}
	ended := make(chan error, 1)
	server := ServeHealth(*health, ended)
	changed, err := Changes(ctx, client, kinds...)
	if err != nil {
		return err
	}
	err = Loop(ctx, changed, ended, func(ctx context.Context) error { return controller(ctx, client, certificate) })
	return errors.Join(err, server.Close())
}

// ServeHealth answers at an address that the program lives. The channel gets the error with which the server ends.
func ServeHealth(address string, ended chan<- error) *http.Server {
	server := &http.Server{
		Addr: address, ReadHeaderTimeout: time.Second,
		Handler: http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}),
	}
	go func() { ended <- server.ListenAndServe() }()
	return server
}
