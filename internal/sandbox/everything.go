package sandbox

import (
	"context"
	"slices"

	"github.com/dreamseed/platform/internal/operator"
	"github.com/dreamseed/platform/internal/sandbox/components"
	"github.com/dreamseed/platform/internal/sandbox/monitoring"
	"github.com/dreamseed/platform/internal/sandbox/operators"
)

// BuildEverything builds the programs that any stack may need.
func (s *Sandbox) BuildEverything(ctx context.Context, show Display) error {
	return components.Build(ctx, s.layout, allComponents(), show.Progress)
}

// BuildTimes returns the build times of all built programs, regardless of the stack.
func (s *Sandbox) BuildTimes() ([]components.Time, error) {
	return components.Times(s.layout, allComponents())
}

func allComponents() []components.Component {
	return slices.Concat(components.Always(), operators.Components(operator.Names()),
		components.Metrics(), monitoring.Components(), monitoring.Logs(), components.Judges(), components.Clouds(),
		[]components.Component{monitoring.Supervisor()})
}
