package stack

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
)

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
