// Package sandbox runs a stack of the platform on this machine: a real Kubernetes control plane on loopback, the real
// Pulumi engine and the official Kubernetes provider, all built from pinned modules. Only nodes and pods are
// simulated, by kwok. It is for development, tests and measurement; a real environment uses the ordinary pulumi
// command line.
package sandbox

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"time"

	"github.com/gofrs/flock"

	"github.com/dreamseed/platform/cluster"
	"github.com/dreamseed/platform/internal/changes"
	"github.com/dreamseed/platform/internal/config"
	"github.com/dreamseed/platform/internal/sandbox/components"
	"github.com/dreamseed/platform/internal/sandbox/controlplane"
	"github.com/dreamseed/platform/internal/sandbox/engine"
	"github.com/dreamseed/platform/internal/sandbox/layout"
	"github.com/dreamseed/platform/internal/sandbox/monitoring"
	"github.com/dreamseed/platform/internal/sandbox/operators"
)

// Sandbox is one stack's sandbox.
type Sandbox struct {
	layout layout.Layout
	stack  layout.Stack
	plane  *controlplane.ControlPlane
	engine *engine.Engine

	// Simulation configures how Up simulates the cluster, from the next run on.
	Simulation Simulation
	// Monitoring makes Up run the programs of monitoring in place of their pods, from the next run on.
	Monitoring bool
	// SaveOnce makes the engine write its state once, at the end of a run, and not at each step, which takes most of the
	// time of its processor. A run that is killed is forgotten then: only who never kills one may set it.
	SaveOnce bool
}

// Simulation configures what a sandbox simulates.
type Simulation = controlplane.Simulation

// Open returns the sandbox of a stack. It touches nothing yet.
func Open(l layout.Layout, stack string) *Sandbox {
	s := l.Stack(stack)
	return &Sandbox{
		layout: l, stack: s, plane: controlplane.New(l, s, beside()...), engine: engine.New(l, s),
	}
}

// beside returns the programs that may run beside the control plane.
func beside() []controlplane.Program { return append(operators.Programs(), monitoring.Program()) }

// Build builds the programs that the stack needs and that are missing or whose pins changed. All stacks share them.
func (s *Sandbox) Build(ctx context.Context, show Display) error {
	cfg, err := s.configuration()
	if err != nil {
		return err
	}
	return s.build(ctx, cfg, show)
}

func (s *Sandbox) build(ctx context.Context, cfg *config.Config, show Display) error {
	return components.Build(ctx, s.layout, s.components(cfg), show.Progress)
}

// Up builds what is missing, starts the control plane and deploys the stack, repairing any drift. If ctx is cancelled
// before Up is done, everything that it started is stopped again.
func (s *Sandbox) Up(ctx context.Context, show Display) (changes.Summary, error) {
	cfg, err := s.configuration()
	if err != nil {
		return changes.Summary{}, err
	}
	unlock, err := s.lock()
	if err != nil {
		return changes.Summary{}, err
	}
	defer unlock()
	if err := s.build(ctx, cfg, show); err != nil {
		return changes.Summary{}, err
	}
	before, err := s.plane.Status(ctx)
	if err != nil {
		return changes.Summary{}, err
	}
	summary, err := s.deploy(ctx, cfg, show)
	if ctx.Err() != nil && !allRun(before) {
		err = errors.Join(err, s.stopAfterInterrupt(ctx))
	}
	return summary, err
}

func (s *Sandbox) deploy(ctx context.Context, cfg *config.Config, show Display) (changes.Summary, error) {
	former, err := s.plane.Programs()
	if err != nil {
		return changes.Summary{}, err
	}
	// Operators that this run makes unnecessary still manage their objects while it removes them.
	used := s.programs(cfg)
	if err := s.start(ctx, slices.Concat(former, used), cfg, show); err != nil {
		return changes.Summary{}, err
	}
	if err := s.fillSecretManager(ctx, cfg); err != nil {
		return changes.Summary{}, err
	}
	if err := s.retryAborted(ctx, cfg); err != nil {
		return changes.Summary{}, err
	}
	if err := s.prepare(ctx, cfg, show); err != nil {
		return changes.Summary{}, err
	}
	summary, err := s.engine.Up(ctx, s.options(show, engine.Options{}))
	if ctx.Err() != nil {
		return summary, err
	}
	if err != nil {
		return summary, s.explain(ctx, cfg, err)
	}
	if err := s.judge(ctx, cfg, show.Progress); err != nil {
		return summary, err
	}
	needless := func(name string) bool { return !slices.Contains(used, name) }
	if !slices.ContainsFunc(former, needless) {
		return summary, nil
	}
	return summary, s.start(ctx, used, cfg, show)
}

// programs returns the names of the programs that a stack with this configuration needs beside the control plane.
func (s *Sandbox) programs(cfg *config.Config) []string {
	names := operators.ProgramsOf(cfg.UsedOperators())
	if s.Monitoring {
		names = append(names, monitoring.Name)
	}
	return names
}

func (s *Sandbox) start(ctx context.Context, programs []string, cfg *config.Config, show Display) error {
	if err := s.plane.Start(ctx, s.spec(cfg, programs), show.Progress); err != nil {
		return fmt.Errorf("starting the control plane of stack %s: %w", s.stack.Name, err)
	}
	return nil
}

// spec returns what the control plane of a stack runs with, and these programs beside it.
func (s *Sandbox) spec(cfg *config.Config, programs []string) controlplane.Spec {
	simulation := s.Simulation
	simulation.Usage = simulation.Usage || s.Monitoring // Prometheus scrapes the kubelets
	return controlplane.Spec{
		Simulation: simulation, Nodes: nodes(&cfg.Cluster), Programs: programs,
		Namespaces:        []string{cfg.Environment.Namespace()},
		IngressNamespaces: cfg.IngressNamespaces(),
		StorageClasses:    storageClasses(cfg),
	}
}

// storageClasses returns the classes of the claims that a stack has.
func storageClasses(cfg *config.Config) []string {
	if len(cfg.Volumes()) == 0 {
		return nil
	}
	return []string{controlplane.DefaultStorageClass, cluster.EncryptedStorageClass}
}

// explain adds to a failed deployment what died, why services are not ready, why Jobs failed, which secrets are
// missing, and which routes no controller took over. The engine knows about these failures, but does not always see the
// reason before it gives up.
func (s *Sandbox) explain(ctx context.Context, cfg *config.Config, failure error) error {
	status, err := s.Status(ctx)
	for _, service := range status.Services {
		if service.Problem != "" {
			failure = fmt.Errorf("%w\n  %s is not rolled out: %s", failure, service.Name, service.Problem)
		}
	}
	failed, jobsErr := s.failedJobs(ctx)
	missing, secretsErr := s.secretProblems(ctx, status)
	unrouted, routesErr := s.ingressProblems(ctx, cfg)
	for _, problem := range slices.Concat(dead(status.Components), failed, missing, unrouted) {
		failure = fmt.Errorf("%w\n  %s", failure, problem)
	}
	return errors.Join(failure, err, jobsErr, secretsErr, routesErr)
}

// stopTime limits the clean-up after an interrupt.
const stopTime = 30 * time.Second

func (s *Sandbox) stopAfterInterrupt(ctx context.Context) error {
	fresh, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTime)
	defer cancel()
	return s.plane.Stop(fresh)
}

// PreviewOptions configures a preview.
type PreviewOptions struct {
	// Refresh compares with the live objects, which shows drift. Default: compare with the state.
	Refresh bool
	// ExpectNoChanges makes any planned change an error.
	ExpectNoChanges bool
}

// Preview shows what Up would do, and changes nothing.
func (s *Sandbox) Preview(ctx context.Context, options PreviewOptions, show Display) (changes.Summary, error) {
	cfg, err := s.configuration()
	if err != nil {
		return changes.Summary{}, err
	}
	unlock, err := s.lockRunning(ctx)
	if err != nil {
		return changes.Summary{}, err
	}
	defer unlock()
	if err := s.build(ctx, cfg, show); err != nil {
		return changes.Summary{}, err
	}
	if err := s.prepare(ctx, cfg, show); err != nil {
		return changes.Summary{}, err
	}
	return s.engine.Preview(ctx, s.options(show, engine.Options{
		Refresh: options.Refresh, ExpectNoChanges: options.ExpectNoChanges,
	}))
}

// Destroy deletes everything in the stack and leaves the empty control plane running.
func (s *Sandbox) Destroy(ctx context.Context, show Display) (changes.Summary, error) {
	cfg, err := s.configuration()
	if err != nil {
		return changes.Summary{}, err
	}
	unlock, err := s.lockRunning(ctx)
	if err != nil {
		return changes.Summary{}, err
	}
	defer unlock()
	if err := s.prepare(ctx, cfg, show); err != nil {
		return changes.Summary{}, err
	}
	return s.engine.Destroy(ctx, s.options(show, engine.Options{}))
}

// Down stops the control plane. Its data stays on disk, and the next Up continues with it.
func (s *Sandbox) Down(ctx context.Context) error {
	if _, err := os.Stat(s.stack.Dir); errors.Is(err, os.ErrNotExist) {
		return nil
	}
	unlock, err := s.lock()
	if err != nil {
		return err
	}
	defer unlock()
	return s.plane.Stop(ctx)
}

// configuration loads the stack's file before anything is built or started.
func (s *Sandbox) configuration() (*config.Config, error) {
	cfg, err := config.FromStackFile(s.layout.Project, s.stack.Name)
	if err != nil {
		return nil, &InputError{Err: err}
	}
	return cfg, nil
}

// prepare prepares the engine and repairs what a killed run left behind.
func (s *Sandbox) prepare(ctx context.Context, cfg *config.Config, show Display) error {
	s.announce(&cfg.Cluster, show.Progress)
	if err := s.engine.Prepare(ctx, s.project(cfg)); err != nil {
		return err
	}
	return s.engine.Recover(ctx, show.Progress)
}

// lock ensures that only one run at a time works on the stack. The system releases the lock when its process exits.
func (s *Sandbox) lock() (unlock func(), err error) {
	if err := os.MkdirAll(s.stack.Dir, 0o700); err != nil {
		return nil, fmt.Errorf("making the folder of stack %s: %w", s.stack.Name, err)
	}
	lock := flock.New(s.stack.Lock(), flock.SetPermissions(0o600))
	held, err := lock.TryLock()
	if err != nil {
		return nil, fmt.Errorf("locking stack %s: %w", s.stack.Name, err)
	}
	if !held {
		return nil, &BusyError{Stack: s.stack.Name}
	}
	// Closing cannot lose anything: the lock file has no content.
	return func() { _ = lock.Close() }, nil
}

// lockRunning is lock for operations that need a running control plane.
func (s *Sandbox) lockRunning(ctx context.Context) (unlock func(), err error) {
	status, err := s.plane.Status(ctx)
	if err != nil {
		return nil, err
	}
	if !allRun(status) {
		return nil, &NotRunningError{Stack: s.stack.Name}
	}
	return s.lock()
}

// Display holds the outputs of a run.
type Display struct {
	// Progress receives the progress of the sandbox itself.
	Progress io.Writer
	// Engine receives the engine's progress.
	Engine io.Writer
	// Color allows colours.
	Color bool
}

// options returns the options of an operation with what is shown of it.
func (s *Sandbox) options(show Display, of engine.Options) engine.Options {
	of.Out, of.Color = show.Engine, show.Color
	if s.SaveOnce {
		of.Environment = append(of.Environment, engine.SaveOnce)
	}
	return of
}
