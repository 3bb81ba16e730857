package stack

import (
	"maps"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/sig"
)

// IsSecret reports whether an object of a state or of an event log stands for an encrypted value. Assets and archives
// carry the same mark, and count as secrets: nobody has looked into them.
func IsSecret(object map[string]any) bool {
	_, marked := object[sig.Key]
	return marked
}

// HoldsSecret reports whether a value of a state or of an event log has an encrypted value anywhere in it.
func HoldsSecret(value any) bool {
	switch container := value.(type) {
	case map[string]any:
		return IsSecret(container) || slices.ContainsFunc(slices.Collect(maps.Values(container)), HoldsSecret)
	case []any:
		return slices.ContainsFunc(container, HoldsSecret)
	default:
		return false
	}
}
