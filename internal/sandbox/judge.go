package sandbox

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/dreamseed/platform/internal/config"
	"github.com/dreamseed/platform/internal/sandbox/controlplane"
	"github.com/dreamseed/platform/services"
	"github.com/dreamseed/platform/services/catalogue"
)

// Shortfall is one thing about the platform that is not as it should be, such as a Secret that was not written or a
// migration that is not complete.
type Shortfall struct {
	// What describes the problem, its reason, and the remedy.
	What string
	// Settled reports whether waiting is pointless.
	Settled bool
}

// lookAgain is the interval at which the judge looks at unfinished things again.
const lookAgain = 100 * time.Millisecond

// judge fails if the stack does not match its configuration. The engine only looks at the objects that it changes: it
// does not notice a Secret that was lost since, a release that was aborted, or a later failure of an operator. judge
// waits for anything still in progress, as long as for a release, and reports anything settled at once.
func (s *Sandbox) judge(ctx context.Context, cfg *config.Config, out io.Writer) error {
	limited, cancel := context.WithTimeout(ctx, time.Duration(cfg.RolloutDeadlineSeconds)*time.Second)
	defer cancel()
	look := func() ([]Shortfall, error) { return s.shortOf(ctx, cfg) }
	// A failed write is left for the engine's own output to notice.
	wait := func(short []Shortfall) { _, _ = fmt.Fprintf(out, "Waiting:\n  %s\n", texts(short)) }
	short, err := outcome(limited, look, wait)
	switch {
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case err != nil:
		return fmt.Errorf("judging stack %s: %w", s.stack.Name, err)
	case len(short) > 0:
		return fmt.Errorf("stack %s is not what its configuration says:\n  %s", s.stack.Name, texts(short))
	}
	return nil
}

// outcome looks until nothing is wrong, something wrong is settled, or the time is up, and returns what is wrong then.
// It calls wait once, before it looks again for the first time.
func outcome(
	limited context.Context, look func() ([]Shortfall, error), wait func([]Shortfall),
) ([]Shortfall, error) {
	settled := func(one Shortfall) bool { return one.Settled }
	for {
		short, err := look()
		if err != nil || len(short) == 0 || slices.ContainsFunc(short, settled) || limited.Err() != nil {
			return short, err
		}
		wait(short)
		wait = func([]Shortfall) {}
		select {
		case <-limited.Done():
		case <-time.After(lookAgain):
		}
	}
}

func texts(all []Shortfall) string {
	var lines []string
	for _, one := range all {
		lines = append(lines, one.What)
	}
	return strings.Join(lines, "\n  ")
}

// shortOf returns everything that does not match a configuration.
func (s *Sandbox) shortOf(ctx context.Context, cfg *config.Config) ([]Shortfall, error) {
	status, err := s.Status(ctx)
	if err != nil {
		return nil, err
	}
	if !status.Running() {
		return componentShortfalls(status.Components), nil
	}
	if cfg.Secrets.Bootstrap {
		return status.Shortfalls, nil
	}
	short := slices.Concat(status.Shortfalls, missingSources(cfg, status.facts))
	for _, one := range cfg.Services {
		short = append(short, serviceShortfalls(one.Workload(), status.Services)...)
	}
	return short, nil
}

// componentShortfalls returns the components that are not running. A component that does not answer may just be busy.
func componentShortfalls(components []controlplane.ComponentStatus) []Shortfall {
	var short []Shortfall
	for _, one := range components {
		if one.State != controlplane.Running {
			short = append(short, Shortfall{
				What:    fmt.Sprintf("component %s is %s: see %s", one.Name, one.State, one.Log),
				Settled: one.State != controlplane.NotAnswering,
			})
		}
	}
	return short
}

// missingSources returns the objects that the configuration declares but that do not exist.
func missingSources(cfg *config.Config, seen *facts) []Shortfall {
	there := map[string]bool{}
	for _, source := range seen.sources {
		there[source.kind.name+" "+source.Metadata.id()] = source.Metadata.DeletionTimestamp == ""
	}
	var short []Shortfall
	for _, service := range cfg.Services {
		for _, key := range service.SecretKeys() {
			kind, name := sourceOf(cfg.Secrets.Backend, service, key)
			if !there[kind+" "+cfg.Environment.Namespace()+"/"+name] {
				short = append(short, Shortfall{
					What:    fmt.Sprintf("%s has no secret %s: %s %s is not there", service.Workload(), key, kind, name),
					Settled: true,
				})
			}
		}
	}
	return short
}

// sourceOf returns the kind and name of the object that a service's secret is written from.
func sourceOf(backend config.SecretBackend, service catalogue.Service, key string) (kind, name string) {
	owner := services.SecretOwner(service)
	switch {
	case backend == config.SealedSecrets:
		return "SealedSecret", owner.SealedSecret(key)
	case service.Secrets[key].Generate > 0:
		return "ExternalSecret", owner.GeneratedSecret(key)
	}
	return "ExternalSecret", owner.ReadSecret(key)
}

func serviceShortfalls(workload string, services []ServiceStatus) []Shortfall {
	at := slices.IndexFunc(services, func(s ServiceStatus) bool { return s.Name == workload })
	switch {
	case at < 0:
		return []Shortfall{{What: workload + " is not there", Settled: true}}
	case services[at].RolledOut:
		return nil
	}
	what := sentences(workload+" is not rolled out", services[at].Problem)
	return []Shortfall{{What: what, Settled: services[at].stuck}}
}
