// Package mocktest runs a Pulumi program without an engine and records the resources that it registers. A test checks
// the recording after the run; nothing is asserted while the program runs.
//
// Unlike an engine, the mocks know every output at once: it equals the input. The behaviour with unknown values is
// tested with an engine.
package mocktest

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi/internals"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/internal/sandbox/standin"
)

// The names of the project and the stack in which a program runs.
const (
	Project = "dreamseed"
	Stack   = "test"
)

// Run runs a program that must succeed. Each cloud answers for its package, and refuses anything unknown.
func Run(tb testing.TB, program pulumi.RunFunc, clouds ...standin.Cloud) *Recording {
	tb.Helper()
	return RunAfter(tb, nil, program, clouds...)
}

// RunAfter is Run for a stack whose previous run left these outputs.
func RunAfter(
	tb testing.TB, outputs map[string]any, program pulumi.RunFunc, clouds ...standin.Cloud,
) *Recording {
	tb.Helper()
	return RunAfterAll(tb, Left{Outputs: outputs}, program, clouds...)
}

// Left holds the state that previous runs of a stack left.
type Left struct {
	// Outputs are the outputs of the last complete run.
	Outputs map[string]any
	// Resources maps the URNs of resources to their types and outputs.
	Resources map[string]any
}

// RunAfterAll is Run for a stack whose previous runs left this state.
func RunAfterAll(tb testing.TB, left Left, program pulumi.RunFunc, clouds ...standin.Cloud) *Recording {
	tb.Helper()
	recording, err := try(&recorder{
		clouds:      clouds,
		lastOutputs: resource.NewPropertyMapFromMap(left.Outputs),
		lastState:   resource.NewPropertyMapFromMap(left.Resources),
		memory:      standin.NewMemory(),
	}, program)
	require.NoError(tb, err)
	return recording
}

// Try runs a program. The recording holds the resources that the program registered until it failed.
func Try(program pulumi.RunFunc, clouds ...standin.Cloud) (*Recording, error) {
	return try(&recorder{clouds: clouds, memory: standin.NewMemory()}, program)
}

// TryAfter is Try for a stack whose previous run left these outputs.
func TryAfter(outputs map[string]any, program pulumi.RunFunc, clouds ...standin.Cloud) (*Recording, error) {
	return try(&recorder{
		clouds: clouds, memory: standin.NewMemory(), lastOutputs: resource.NewPropertyMapFromMap(outputs),
	}, program)
}

func try(recorder *recorder, program pulumi.RunFunc) (*Recording, error) {
	var outputs map[string]any
	err := pulumi.RunErr(func(ctx *pulumi.Context) error {
		if err := program(ctx); err != nil {
			return err
		}
		var err error
		outputs, err = exported(ctx)
		return err
	}, pulumi.WithMocks(Project, Stack, recorder))
	return &Recording{Resources: recorder.sorted(), Outputs: outputs}, err
}

// exported waits for the stack's outputs and returns them.
func exported(ctx *pulumi.Context) (map[string]any, error) {
	all := pulumi.Map(ctx.GetCurrentExportMap()).ToMapOutput()
	result, err := internals.UnsafeAwaitOutput(ctx.Context(), all)
	if err != nil {
		return nil, err
	}
	values, _ := result.Value.(map[string]any)
	return plain(resource.NewObjectProperty(resource.NewPropertyMapFromMap(values))).(map[string]any), nil
}
