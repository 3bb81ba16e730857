package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"time"

	"k8s.io/client-go/tools/clientcmd"

	"github.com/dreamseed/platform/cluster"
	"github.com/dreamseed/platform/internal/enginetest/recorder"
	"github.com/dreamseed/platform/internal/sandbox"
	"github.com/dreamseed/platform/internal/sandbox/controlplane"
	"github.com/dreamseed/platform/internal/sandbox/layout"
	"github.com/dreamseed/platform/services/catalogue"
)

// startup is the time that a simulated pod takes to become ready.
const startup = 20 * time.Second

// The promises of the platform.
const (
	releasePromise  = 5 * time.Minute
	rollbackPromise = 2 * time.Minute
	scalingPromise  = time.Minute
)

// releases measures the promises for releases with every strategy, for the autoscaler and for a changed secret, on the
// production stack with pods that take time to start.
func (b *bench) releases(ctx context.Context) (err error) {
	if err := b.choose(ctx, cluster.GKE); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.reset(context.WithoutCancel(ctx), "production")) }()
	judge := httptest.NewServer(http.HandlerFunc(noErrors))
	defer judge.Close()
	l := layout.Default(b.clone)
	s := &stage{
		bench: b, stack: l.Stack("production"), box: sandbox.Open(l, "production"), judge: judge.URL,
		plane: controlplane.New(l, l.Stack("production")),
	}
	s.box.Simulation = sandbox.Simulation{PodStartup: startup, Metrics: true}
	for number, strategy := range catalogue.Strategies() {
		if err := s.strategy(ctx, strategy, number); err != nil {
			return fmt.Errorf("measuring releases by %s: %w", strategy, err)
		}
	}
	if err := s.scaling(ctx); err != nil {
		return err
	}
	return s.rotation(ctx)
}

// noErrors answers like a Prometheus that has seen no errors.
func noErrors(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	// A client that is gone needs no answer.
	_, _ = io.WriteString(w, `{"status": "success", "data": {"resultType": "vector", "result": []}}`)
}

// stage is the production stack to which releases are deployed.
type stage struct {
	bench *bench
	stack layout.Stack
	box   *sandbox.Sandbox
	judge string
	plane *controlplane.ControlPlane
}

func (s *stage) strategy(ctx context.Context, strategy catalogue.Strategy, number int) error {
	before, after := digest(2*number), digest(2*number+1)
	if err := s.up(ctx, strategy, before); err != nil {
		return err
	}
	name := fmt.Sprintf("release of seven services by %s, %s start-up per pod", strategy, startup)
	if err := s.release(ctx, name, releasePromise, strategy, after); err != nil {
		return err
	}
	return s.release(ctx, "rollback by "+string(strategy), rollbackPromise, strategy, before)
}

// digest returns a digest that belongs to no image.
func digest(number int) string {
	return "sha256:" + strings.Repeat(fmt.Sprintf("%02x", 160+number), 32)
}

// release measures a release, and how far the services stayed above their floors.
func (s *stage) release(
	ctx context.Context, name string, promise time.Duration, strategy catalogue.Strategy, digest string,
) error {
	config, err := clientcmd.BuildConfigFromFlags("", s.stack.Kubeconfig())
	if err != nil {
		return fmt.Errorf("reading the sandbox's kubeconfig: %w", err)
	}
	recording, err := recorder.Start(ctx, config, "dreamseed-production")
	if err != nil {
		return err
	}
	err = s.bench.figures.time(name, promise, func() error { return s.up(ctx, strategy, digest) })
	seen, stopErr := recording.Stop(ctx)
	if err := errors.Join(err, stopErr); err != nil {
		return err
	}
	s.bench.figures.add(figure{name: name + ": fewest ready pods above the floor", unit: inNumbers}, float64(margin(seen)))
	return nil
}

// margin returns the smallest distance of any service from its floor, in ready pods.
func margin(seen recorder.History) int {
	least := -1
	for _, name := range catalogue.Names() {
		service, _ := catalogue.Lookup(name)
		above := seen.LowestReady(service.Workload()) - service.Availability.Floor
		if least < 0 || above < least {
			least = above
		}
	}
	return least
}

// up deploys an image to every service, with a strategy.
func (s *stage) up(ctx context.Context, strategy catalogue.Strategy, digest string) error {
	err := s.bench.reconfigure(func(config map[string]any) error {
		config["dreamseed:monitoring"] = map[string]any{"prometheus": "present", "url": s.judge}
		services, _ := config["dreamseed:services"].(map[string]any)
		for name, one := range services {
			service, _ := one.(map[string]any)
			service["image"] = name + "-service@" + digest
			service["release"] = map[string]any{"strategy": string(strategy)}
		}
		return nil
	})
	if err != nil {
		return err
	}
	var shown strings.Builder
	if _, err := s.box.Up(ctx, sandbox.Display{Progress: &shown, Engine: &shown}); err != nil {
		return fmt.Errorf("%w:\n%s", err, shown.String())
	}
	return nil
}
