package sandbox

import (
	"context"
	"slices"

	"github.com/dreamseed/platform/internal/operator"
	"github.com/dreamseed/platform/internal/sandbox/build"
)

// BuildEverything builds the programs that any stack may need.
func (s *Sandbox) BuildEverything(ctx context.Context, show Display) error {
	return build.Build(ctx, s.layout, allComponents(), show.Progress)
}

// BuildTimes returns the build times of all built programs, regardless of the stack.
func (s *Sandbox) BuildTimes() ([]build.Time, error) { return build.Times(s.layout, allComponents()) }

func allComponents() []build.Component {
	return slices.Concat(build.Components(), build.OperatorComponents(operator.Names()),
		build.MetricsComponents(), build.CloudComponents())
}
