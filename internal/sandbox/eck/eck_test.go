package eck_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/internal/mocktest"
	"github.com/dreamseed/platform/internal/sandbox/eck"
)

func TestADefinitionSaysThatItIsAStandIn(t *testing.T) {
	require.Len(t, eck.Kinds(), 2)
	for _, kind := range eck.Kinds() {
		text, _ := mocktest.At(kind.Definition(), "metadata", "annotations", eck.StandIn).(string)
		assert.Contains(t, text, kind.Source)
	}
}

func TestADefinitionHasTheFieldsOfTheFactsAndNoOther(t *testing.T) {
	kind := eck.Kind{Group: "example.com", Name: "Shelf", Plural: "shelves", Fields: map[string]eck.Type{
		"name": eck.String, "boards[].width": eck.Integer, "boards[].settings": eck.Open, "claims[]": eck.Claim,
	}}
	open := map[string]any{"type": "object", "x-kubernetes-preserve-unknown-fields": true}
	assert.Equal(t, map[string]any{
		"type": "object", "properties": map[string]any{
			"name": map[string]any{"type": "string"},
			"boards": map[string]any{"type": "array", "items": map[string]any{
				"type": "object",
				"properties": map[string]any{
					"width": map[string]any{"type": "integer"}, "settings": open,
				},
			}},
			"claims": map[string]any{"type": "array", "items": open},
		},
	}, mocktest.At(kind.Definition(), "spec", "versions", 0, "schema", "openAPIV3Schema", "properties", "spec"))
	assert.Equal(t, "shelves.example.com", mocktest.At(kind.Definition(), "metadata", "name"))
}
