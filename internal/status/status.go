// Package status says how an environment is doing: its cluster, its services and what is released, its data stores,
// its alerts and its problems.
package status

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"k8s.io/client-go/rest"

	"github.com/dreamseed/platform/internal/alerts"
	"github.com/dreamseed/platform/internal/apiserver"
	"github.com/dreamseed/platform/internal/config"
	"github.com/dreamseed/platform/internal/live"
)

// Status is an environment at one moment.
type Status struct {
	Stack   string  `json:"stack"`
	Cluster Cluster `json:"cluster"`
	// Services are all services that exist.
	Services []Service `json:"services"`
	// Stores are the data stores that run in the cluster.
	Stores []live.Store `json:"stores"`
	Alerts Alerts       `json:"alerts"`
	// Problems are what is not as the configuration says. Empty if all is well.
	Problems []string `json:"problems"`
}

// Service is one service.
type Service struct {
	Name      string `json:"name"`
	Image     string `json:"image"`
	Ready     int    `json:"ready"`
	Desired   int    `json:"desired"`
	RolledOut bool   `json:"rolledOut"`
	// Progress is how far the release in flight has come. Empty if none is in flight.
	Progress string `json:"progress,omitempty"`
	Problem  string `json:"problem,omitempty"`
}

// Alerts are the alerts that fire, or why nobody knows.
type Alerts struct {
	// Unknown is why they could not be asked for. Empty if they could.
	Unknown string         `json:"unknown,omitempty"`
	Firing  []alerts.Alert `json:"firing"`
}

// Runs reports whether every service runs its newest release, every data store is up, every pool has its nodes, and
// nothing else is wrong.
// Alerts do not count: some of them are about what was.
func (s *Status) Runs() bool {
	return len(s.Problems) == 0 &&
		!slices.ContainsFunc(s.Services, func(one Service) bool { return !one.RolledOut }) &&
		!slices.ContainsFunc(s.Stores, func(one live.Store) bool { return !one.Up })
}

// InFlight returns the services with a release in flight.
func (s *Status) InFlight() []Service {
	return slices.DeleteFunc(slices.Clone(s.Services), func(one Service) bool { return one.Progress == "" })
}

// Look reads the status of a stack from its cluster.
func Look(ctx context.Context, stack string, cfg *config.Config, access *rest.Config) (*Status, error) {
	reader, err := apiserver.NewReader(access)
	if err != nil {
		return nil, err
	}
	of, err := lookAtCluster(ctx, reader, cfg)
	if err != nil {
		return nil, err
	}
	serves, err := live.Served(ctx, reader)
	if err != nil {
		return nil, err
	}
	environment, err := live.Look(ctx, reader, serves)
	if err != nil {
		return nil, err
	}
	status := &Status{
		Stack: stack, Cluster: *of, Services: services(environment), Stores: environment.Stores, Problems: of.problems(),
	}
	for _, problem := range environment.ShortOf(cfg) {
		status.Problems = append(status.Problems, problem.What)
	}
	unrouted, err := ingressProblems(ctx, reader, cfg)
	if err != nil {
		return nil, err
	}
	status.Problems = append(status.Problems, unrouted...)
	status.Alerts = askForAlerts(ctx, access, reader, cfg)
	return status, nil
}

func services(seen *live.Environment) []Service {
	all := []Service{}
	for _, one := range seen.Services {
		all = append(all, Service{
			Name: one.Name, Image: one.Image, Ready: one.Ready, Desired: one.Desired, RolledOut: one.RolledOut,
			Progress: one.Progress, Problem: one.Problem,
		})
	}
	return all
}

func ingressProblems(ctx context.Context, reader live.Reader, cfg *config.Config) ([]string, error) {
	if !cfg.Ingress.Enabled() {
		return nil, nil
	}
	var all []string
	for _, namespace := range cfg.IngressNamespaces() {
		problems, err := live.IngressProblems(ctx, reader, namespace)
		if err != nil {
			return nil, err
		}
		all = append(all, problems...)
	}
	return all, nil
}

// askForAlerts never fails: a status without alerts is worth more than none, if it says so.
func askForAlerts(ctx context.Context, access *rest.Config, reader alerts.Reader, cfg *config.Config) Alerts {
	if !cfg.Monitoring.IsOwn() {
		return Alerts{Unknown: fmt.Sprintf("the Prometheus at %s is somebody else's", cfg.Monitoring.URL)}
	}
	firing, err := alerts.Ask(ctx, access, reader, config.MonitoringNamespace)
	if errors.Is(err, context.DeadlineExceeded) {
		err = fmt.Errorf("asking Prometheus takes too long: %w", err)
	}
	if err != nil {
		return Alerts{Unknown: err.Error()}
	}
	return Alerts{Firing: firing}
}
