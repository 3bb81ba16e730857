package engine

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/urn"
	"github.com/stretchr/testify/assert"
)

func TestARecoveryThatFailedDoesNotCountItsResourcesTwice(t *testing.T) {
	noted, found := []urn.URN{"b", "a"}, []urn.URN{"a", "c"}

	assert.Equal(t, []urn.URN{"a", "b", "c"}, union(noted, found))
}
