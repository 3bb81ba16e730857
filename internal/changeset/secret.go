package changeset

import "github.com/dreamseed/platform/internal/stack"

// Masked stands for a value that nobody may see.
const Masked = "[secret]"

// masked returns a value with each secret in it masked. The engine masks what an event log holds; what it only marked,
// is masked here.
func masked(value any) any {
	switch container := value.(type) {
	case map[string]any:
		if stack.IsSecret(container) {
			return Masked
		}
		hidden := make(map[string]any, len(container))
		for key, item := range container {
			hidden[key] = masked(item)
		}
		return hidden
	case []any:
		hidden := make([]any, len(container))
		for i, item := range container {
			hidden[i] = masked(item)
		}
		return hidden
	default:
		return value
	}
}
