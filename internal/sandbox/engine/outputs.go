package engine

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/sig"
)

// Outputs are the stack's outputs after the last operation, read from the state. A secret is shown as "[secret]". They
// are empty where nothing was deployed.
func (e *Engine) Outputs() (map[string]any, error) {
	state, err := e.readState()
	if state == nil || err != nil {
		return nil, err
	}
	for _, r := range state.deployment.Resources {
		if r.Type == resource.RootStackType {
			outputs, _ := masked(r.Outputs).(map[string]any)
			return outputs, nil
		}
	}
	return nil, nil
}

// masked replaces what the state keeps encrypted.
func masked(value any) any {
	switch value := value.(type) {
	case map[string]any:
		if value[sig.Key] == sig.Secret {
			return "[secret]"
		}
		plain := make(map[string]any, len(value))
		for key, element := range value {
			plain[key] = masked(element)
		}
		return plain
	case []any:
		plain := make([]any, len(value))
		for i, element := range value {
			plain[i] = masked(element)
		}
		return plain
	default:
		return value
	}
}
