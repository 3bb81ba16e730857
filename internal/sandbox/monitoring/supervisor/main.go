// Command supervisor runs the programs of monitoring beside a control plane, and the pod network that they use. It
// works in its stack's folder, finds the programs in PATH, and stops them when it is told to stop.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/spf13/pflag"
	"k8s.io/client-go/tools/clientcmd"

	"github.com/dreamseed/platform/internal/sandbox/container"
	"github.com/dreamseed/platform/internal/sandbox/layout"
	"github.com/dreamseed/platform/internal/sandbox/load"
	"github.com/dreamseed/platform/internal/sandbox/monitoring/beside"
	"github.com/dreamseed/platform/internal/sandbox/podnet"
	"github.com/dreamseed/platform/internal/sandbox/podnet/traffic"
	"github.com/dreamseed/platform/services/catalogue"
)

const (
	// refresh is the interval at which volumes are refreshed and pods looked for.
	refresh = 2 * time.Second
	// stopTime limits the time to stop everything.
	stopTime = 10 * time.Second
	// readLimit is the time that a client has to send the headers of a request.
	readLimit = 10 * time.Second
)

// flags are the command's arguments.
type flags struct {
	kubeconfig, listen, network string
	namespaces                  []string
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, read(os.Args[1:])); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1) //nolint:gocritic // nothing is left for the deferred call to do
	}
}

func read(arguments []string) flags {
	var f flags
	set := pflag.NewFlagSet("supervisor", pflag.ExitOnError)
	set.StringVar(&f.kubeconfig, "kubeconfig", "", "the kubeconfig")
	set.StringVar(&f.listen, "listen", "", "the loopback address of health and addresses")
	set.StringVar(&f.network, "network", "", "the loopback address of the pod network")
	set.StringSliceVar(&f.namespaces, "namespace", nil, "the namespaces whose pods answer requests for metrics")
	_ = set.Parse(arguments) // it exits on an error
	return f
}

func run(ctx context.Context, f flags) (err error) {
	config, err := clientcmd.BuildConfigFromFlags("", f.kubeconfig)
	if err != nil {
		return fmt.Errorf("reading the kubeconfig: %w", err)
	}
	folder, err := os.Getwd()
	if err != nil {
		return err
	}
	stack := layout.Stack{Dir: folder}
	if err := container.StopLeft(ctx, stack.Containers()); err != nil {
		return err
	}
	cluster, err := podnet.Watch(ctx, config)
	if err != nil {
		return err
	}
	network := podnet.New(cluster)
	requests := trafficTo(f.namespaces)
	for _, one := range requests {
		network.Connect(one.Answer)
	}
	proxy, err := podnet.Serve(ctx, network, f.network)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, proxy.Close()) }()
	programs := beside.New(beside.Args{
		Layout: layout.Layout{Bin: os.Getenv("PATH")}, Stack: stack,
		Config: config, Pods: cluster, Network: network, Proxy: proxy,
	})
	return supervise(ctx, programs, f.listen, paths(programs, requests))
}

// steady is the load of each pod of a service until another is set.
var steady = []load.Rule{{Load: load.Load{RequestsPerSecond: 1, Latency: 20 * time.Millisecond}}}

// trafficTo stands in for the requests to the services in these namespaces.
func trafficTo(namespaces []string) []*traffic.Traffic {
	var all []*traffic.Traffic
	for _, namespace := range namespaces {
		requests := traffic.New(namespace, catalogue.Port)
		requests.Set(traffic.ByLabels(steady))
		all = append(all, requests)
	}
	return all
}

// paths serves health, the addresses of everything, and the load.
func paths(programs *beside.Beside, requests []*traffic.Traffic) http.Handler {
	served := http.NewServeMux()
	served.HandleFunc("GET /healthz", func(http.ResponseWriter, *http.Request) {})
	served.HandleFunc("GET /addresses", addresses(programs))
	served.HandleFunc("PUT /load", setLoad(requests))
	return served
}

// setLoad sets the load of the services' pods from now on: a list of rules in JSON.
func setLoad(requests []*traffic.Traffic) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		var rules []load.Rule
		if err := json.NewDecoder(r.Body).Decode(&rules); err != nil {
			http.Error(w, fmt.Sprintf("reading the rules: %v", err), http.StatusBadRequest)
			return
		}
		for _, one := range requests {
			one.Set(traffic.ByLabels(rules))
		}
	}
}

// supervise serves until ctx ends, and then stops everything.
func supervise(ctx context.Context, programs *beside.Beside, address string, served http.Handler) error {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp4", address)
	if err != nil {
		return fmt.Errorf("serving health: %w", err)
	}
	server := &http.Server{Handler: served, ReadHeaderTimeout: readLimit}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	programs.Follow(ctx, refresh, func(err error) { fmt.Fprintln(os.Stderr, err) })

	limited, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTime)
	defer cancel()
	err = errors.Join(server.Close(), programs.Stop(limited))
	if stopped := <-ended; !errors.Is(stopped, http.ErrServerClosed) {
		err = errors.Join(err, stopped)
	}
	return err
}

// addresses answers with the addresses of everything, one a line, once all of it runs.
func addresses(programs *beside.Beside) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if err := programs.Sync(r.Context()); err != nil {
			http.Error(w, err.Error(), http.StatusServiceUnavailable)
			return
		}
		for _, one := range programs.Addresses() {
			fmt.Fprintln(w, one)
		}
	}
}
