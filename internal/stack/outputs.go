package stack

import "github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

// rootType is the type of the resource that carries a stack's outputs.
const rootType = "pulumi:pulumi:Stack"

// Outputs returns the stack's outputs as the last complete run left them. Secrets stay encrypted.
func Outputs(state *apitype.DeploymentV3) map[string]any {
	for _, one := range state.Resources {
		if one.Type == rootType && !one.Delete {
			return one.Outputs
		}
	}
	return nil
}
