package controlplane

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"syscall"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/dreamseed/platform/internal/sandbox/process"
)

const (
	// poll is the interval between readiness requests to a component.
	poll = 50 * time.Millisecond
	// patience is the time that a running component has to become ready.
	patience = 2 * time.Minute
	// logLines is the number of log lines shown for a component that exited.
	logLines = 15
)

// errPortLost reports that another process took a port between its choice and its use.
var errPortLost = errors.New("its port was taken by somebody else")

// start is one call of Start.
type start struct {
	spec      Spec
	plan      plan
	manifests []*unstructured.Unstructured
	admin     *administrator
	probes    probes
	commands  map[string]process.Command
	records   string
	running   map[string]*process.Process // before or by this call
	started   map[string]*process.Process // by this call
}

// run starts the components that do not run, each as soon as the component that it needs is ready.
func (s *start) run(ctx context.Context) error {
	for _, name := range []string{etcd, apiServer} {
		if err := s.ensure(name); err != nil {
			return err
		}
		if err := s.await(ctx, name); err != nil {
			return err
		}
	}
	// The nodes come before kwok, which would otherwise set a capacity of its own on a node without one.
	if err := s.simulate(ctx); err != nil {
		return err
	}
	if err := s.ensureAll(clientsOfEvery); err != nil {
		return err
	}
	// Programs beside the control plane fail if their CRDs or permissions are missing.
	if err := s.prepareBeside(ctx); err != nil {
		return err
	}
	beside := s.plan.additional()
	if err := s.ensureAll(beside); err != nil {
		return err
	}
	for _, name := range slices.Concat(clientsOfEvery, beside) {
		if err := s.await(ctx, name); err != nil {
			return err
		}
	}
	if err := s.admin.applyVolumes(ctx, s.spec.StorageClasses); err != nil {
		return err
	}
	return s.awaitNodes(ctx)
}

// clientsOfEvery are the API server's clients in every control plane.
var clientsOfEvery = []string{controllerManager, scheduler, kwok}

func (s *start) ensureAll(names []string) error {
	for _, name := range names {
		if err := s.ensure(name); err != nil {
			return err
		}
	}
	return nil
}

// prepareBeside applies the CRDs and permissions of the programs beside the API server.
func (s *start) prepareBeside(ctx context.Context) error {
	for _, api := range s.plan.unserved() {
		if err := s.admin.forget(ctx, api); err != nil {
			return err
		}
	}
	for _, webhook := range s.plan.unanswered() {
		if err := s.admin.unregister(ctx, webhook); err != nil {
			return err
		}
	}
	if len(s.manifests) == 0 {
		return nil
	}
	if err := s.until(ctx, apiServer, s.admin.systemReady); err != nil {
		return err
	}
	if err := s.admin.applyManifests(ctx, s.manifests); err != nil {
		return err
	}
	return s.until(ctx, apiServer, func(ctx context.Context) error { return s.admin.kindsServed(ctx, s.manifests) })
}

func (s *start) simulate(ctx context.Context) error {
	if err := s.admin.applyNodes(ctx, s.spec.Nodes); err != nil {
		return err
	}
	if s.running[kwok] != nil {
		return nil
	}
	return s.admin.deleteLeases(ctx)
}

// ensure starts the component unless it is running.
func (s *start) ensure(name string) error {
	if s.running[name] != nil {
		return nil
	}
	p, err := process.Start(s.records, s.commands[name])
	if err != nil {
		return err
	}
	if s.started == nil {
		s.started = map[string]*process.Process{}
	}
	s.running[name], s.started[name] = p, p
	return nil
}

// await asks a component until it is ready. If the component exits, await fails at once with the end of its log. If the
// component lives without its port, because another process has it and answers there, await stops it.
func (s *start) await(ctx context.Context, name string) error {
	err := s.until(ctx, name, func(ctx context.Context) error { return s.answers(ctx, name) })
	if errors.Is(err, errPortLost) && s.running[name].Running() {
		return errors.Join(err, s.running[name].Stop(context.WithoutCancel(ctx), grace))
	}
	return err
}

// answers asks for a component's health, and verifies that the component itself answered.
func (s *start) answers(ctx context.Context, name string) error {
	err := s.probes.health(ctx, s.plan.component(name))
	// A cancelled request does not show which process has the port.
	if errors.Is(err, syscall.ECONNREFUSED) || ctx.Err() != nil {
		return err
	}
	owns, problem := ownsPort(ctx, s.running[name].PID, s.plan.ports[name])
	if problem == nil && !owns {
		return fmt.Errorf("%s: %w", name, errPortLost)
	}
	return errors.Join(err, problem)
}

// awaitNodes waits for what several components do together: nodes that accept pods, and the controllers' first work.
func (s *start) awaitNodes(ctx context.Context) error {
	if err := s.until(ctx, controllerManager, s.admin.defaultsReady); err != nil {
		return err
	}
	return s.until(ctx, kwok, s.admin.nodesReady)
}

func (s *start) until(ctx context.Context, name string, ready func(context.Context) error) error {
	limited, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	asking, stopAsking := context.WithCancel(limited)
	defer stopAsking()
	exited := s.running[name].Exited()
	go func() { // a request to an exited component would otherwise wait for its time-out
		select {
		case <-exited:
			stopAsking()
		case <-asking.Done():
		}
	}()
	for {
		err := ready(asking)
		if err == nil {
			return nil
		}
		if !s.running[name].Running() {
			return s.ended(name)
		}
		if errors.Is(err, errPortLost) {
			return err
		}
		select {
		case <-limited.Done():
			return fmt.Errorf("waiting for %s, whose log is %s: %w", name, s.commands[name].Log, expired(ctx, err))
		case <-time.After(poll):
		}
	}
}

// expired returns why a wait ended: it was cancelled, or the component was not ready in time, with the reason it gave.
func expired(ctx context.Context, reason error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return fmt.Errorf("not ready after %s: %w", patience, reason)
}

func (s *start) ended(name string) error {
	log := s.commands[name].Log
	tail := process.LogTail(log, logLines)
	lost := func(port string) bool { return !bindable(s.plan.ports[port]) }
	if slices.ContainsFunc(s.plan.component(name).ports, lost) {
		return fmt.Errorf("%s ended: %w; the end of %s:\n%s", name, errPortLost, log, tail)
	}
	return fmt.Errorf("%s ended before it was ready; the end of %s:\n%s", name, log, tail)
}
