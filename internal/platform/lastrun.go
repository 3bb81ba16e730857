package platform

import (
	"encoding/json"
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// lastRun reads the outputs that the stack's last complete run left.
type lastRun struct {
	// stack is the full name of the stack.
	stack     string
	reference *pulumi.StackReference
}

func newLastRun(ctx *pulumi.Context) (*lastRun, error) {
	itself := fmt.Sprintf("%s/%s/%s", ctx.Organization(), ctx.Project(), ctx.Stack())
	reference, err := pulumi.NewStackReference(ctx, "last-run", &pulumi.StackReferenceArgs{Name: pulumi.String(itself)})
	if err != nil {
		return nil, fmt.Errorf("reading the outputs of the last run: %w", err)
	}
	return &lastRun{stack: itself, reference: reference}, nil
}

// read reads an output into a value, and reports whether the last run left it. A new stack has no outputs.
func (l *lastRun) read(output string, into any) (bool, error) {
	details, err := l.reference.GetOutputDetails(output)
	if err != nil {
		return false, fmt.Errorf("reading the outputs of the last run: %w", err)
	}
	if details.Value == nil {
		return false, nil
	}
	text, err := json.Marshal(details.Value)
	if err != nil {
		return false, fmt.Errorf("reading the output %s of the last run: %w", output, err)
	}
	if err := json.Unmarshal(text, into); err != nil {
		return false, fmt.Errorf("reading the output %s of the last run: %w", output, err)
	}
	return true, nil
}
