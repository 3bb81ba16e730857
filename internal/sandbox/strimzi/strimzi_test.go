package strimzi_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/internal/mocktest"
	"github.com/dreamseed/platform/internal/sandbox/definition"
	"github.com/dreamseed/platform/internal/sandbox/strimzi"
)

func TestADefinitionSaysThatItIsAStandIn(t *testing.T) {
	require.Len(t, strimzi.Kinds(), 4)
	for _, kind := range strimzi.Kinds() {
		text, _ := mocktest.At(kind.Definition(), "metadata", "annotations", definition.StandIn).(string)
		assert.Contains(t, text, kind.Source)
	}
}
