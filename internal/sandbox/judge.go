package sandbox

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/dreamseed/platform/internal/config"
	"github.com/dreamseed/platform/internal/live"
	"github.com/dreamseed/platform/internal/sandbox/controlplane"
)

// lookAgain is the interval at which the judge looks at unfinished things again.
const lookAgain = 100 * time.Millisecond

// judge fails if the stack does not match its configuration. The engine only looks at the objects that it changes: it
// does not notice a Secret that was lost since, a release that was aborted, or a later failure of an operator. judge
// waits for anything still in progress, as long as for a release, and reports anything settled at once.
func (s *Sandbox) judge(ctx context.Context, cfg *config.Config, out io.Writer) error {
	limited, cancel := context.WithTimeout(ctx, time.Duration(cfg.RolloutDeadlineSeconds)*time.Second)
	defer cancel()
	look := func() ([]live.Problem, error) { return s.shortOf(ctx, cfg) }
	// A failed write is left for the engine's own output to notice.
	wait := func(short []live.Problem) { _, _ = fmt.Fprintf(out, "Waiting:\n  %s\n", texts(short)) }
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
	limited context.Context, look func() ([]live.Problem, error), wait func([]live.Problem),
) ([]live.Problem, error) {
	settled := func(one live.Problem) bool { return one.Settled }
	for {
		short, err := look()
		if err != nil || len(short) == 0 || slices.ContainsFunc(short, settled) || limited.Err() != nil {
			return short, err
		}
		wait(short)
		wait = func([]live.Problem) {}
		select {
		case <-limited.Done():
		case <-time.After(lookAgain):
		}
	}
}

func texts(all []live.Problem) string {
	var lines []string
	for _, one := range all {
		lines = append(lines, one.What)
	}
	return strings.Join(lines, "\n  ")
}

// shortOf returns everything that is not as the configuration says.
func (s *Sandbox) shortOf(ctx context.Context, cfg *config.Config) ([]live.Problem, error) {
	status, err := s.Status(ctx)
	if err != nil {
		return nil, err
	}
	if !status.Running() {
		return componentProblems(status.Components), nil
	}
	return status.ShortOf(cfg), nil
}

// componentProblems returns the components that are not running. A component that does not answer may just be busy.
func componentProblems(components []controlplane.ComponentStatus) []live.Problem {
	var short []live.Problem
	for _, one := range components {
		if one.State != controlplane.Running {
			short = append(short, live.Problem{
				What:    fmt.Sprintf("component %s is %s: see %s", one.Name, one.State, one.Log),
				Settled: one.State != controlplane.NotAnswering,
			})
		}
	}
	return short
}
