package stack

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
)

// SecretSignature marks an encrypted value in a state and in an event log: the value is then an object with this key
// (https://github.com/pulumi/pulumi/blob/v3.246.0/sdk/go/common/resource/sig/sig.go).
const SecretSignature = "4dabf18193072939515e22adb298388d" //nolint:gosec // a mark that every state has, and no secret

// State returns the stack's state. Secrets in it stay encrypted. It is empty, not nil, where nothing was deployed yet.
func (s Stack) State(ctx context.Context) (*apitype.DeploymentV3, error) {
	return s.export(ctx)
}

func (s Stack) export(ctx context.Context, flags ...string) (*apitype.DeploymentV3, error) {
	printed, err := s.pulumi(ctx, nil, append([]string{"stack", "export"}, flags...)...)
	if err != nil {
		return nil, err
	}
	var file apitype.UntypedDeployment
	if err := json.Unmarshal(printed, &file); err != nil {
		return nil, fmt.Errorf("reading the state of stack %s: %w", s.Name, err)
	}
	state := &apitype.DeploymentV3{}
	if len(file.Deployment) == 0 {
		return state, nil
	}
	if err := json.Unmarshal(file.Deployment, state); err != nil {
		return nil, fmt.Errorf("reading the state of stack %s: %w", s.Name, err)
	}
	return state, nil
}
