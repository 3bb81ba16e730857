package definition_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/dreamseed/platform/internal/mocktest"
	"github.com/dreamseed/platform/internal/sandbox/definition"
)

func TestADefinitionHasTheFieldsOfTheFactsAndNoOther(t *testing.T) {
	kind := definition.Kind{
		Group: "example.com", Name: "Shelf", Plural: "shelves", Fields: map[string]definition.Type{
			"name": definition.String, "locked": definition.Boolean, "boards[].width": definition.Integer,
			"boards[].settings": definition.Open, "claims[]": definition.Claim, "colours[]": definition.String,
		},
	}
	open := map[string]any{"type": "object", "x-kubernetes-preserve-unknown-fields": true}
	assert.Equal(t, map[string]any{
		"type": "object", "properties": map[string]any{
			"name":   map[string]any{"type": "string"},
			"locked": map[string]any{"type": "boolean"},
			"boards": map[string]any{"type": "array", "items": map[string]any{
				"type": "object",
				"properties": map[string]any{
					"width": map[string]any{"type": "integer"}, "settings": open,
				},
			}},
			"claims":  map[string]any{"type": "array", "items": open},
			"colours": map[string]any{"type": "array", "items": map[string]any{"type": "string"}},
		},
	}, mocktest.At(kind.Definition(), "spec", "versions", 0, "schema", "openAPIV3Schema", "properties", "spec"))
	assert.Equal(t, "shelves.example.com", mocktest.At(kind.Definition(), "metadata", "name"))
}
