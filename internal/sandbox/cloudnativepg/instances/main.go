// Command instances is a stand-in for the program that runs PostgreSQL in each pod of a CloudNativePG cluster. No
// PostgreSQL runs here, and no SQL. It answers the operator's question for the state of each pod, lets the instance
// lead that the operator chose, and marks databases and roles as applied, or refuses them for the reasons that it can
// know.
package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/pflag"
	"k8s.io/client-go/tools/clientcmd"

	"github.com/dreamseed/platform/internal/sandbox/controller"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1) //nolint:gocritic // nothing is left for the deferred call to do
	}
}

func run(ctx context.Context, arguments []string) error {
	set := pflag.NewFlagSet("instances", pflag.ExitOnError)
	kubeconfig := set.String("kubeconfig", "", "the kubeconfig")
	health := set.String("health-addr", "", "the loopback address of health")
	status := set.String("status-addr", "", "the loopback address at which the instances tell their state")
	_ = set.Parse(arguments) // it exits on an error
	config, err := clientcmd.BuildConfigFromFlags("", *kubeconfig)
	if err != nil {
		return fmt.Errorf("reading the kubeconfig: %w", err)
	}
	config.QPS = -1
	cluster, err := connect(config)
	if err != nil {
		return err
	}
	all := newInstances(cluster)
	ended := make(chan error, 2)
	servers := []*http.Server{controller.ServeHealth(*health, ended), all.serve(*status, ended)}
	changed, err := controller.Changes(ctx, cluster, watched()...)
	if err != nil {
		return err
	}
	return errors.Join(controller.Loop(ctx, changed, ended, all.look), servers[0].Close(), servers[1].Close())
}

// watched are the kinds whose objects decide what an instance does.
func watched() []controller.Kind {
	return []controller.Kind{
		{GroupVersionResource: clusters}, {GroupVersionResource: databases}, {GroupVersionResource: roles},
		{GroupVersionResource: secrets}, {GroupVersionResource: pods, Labels: instanceLabels},
	}
}
