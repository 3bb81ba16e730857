package aks_test

import (
	"testing"

	"github.com/dreamseed/platform/internal/mocktest"
	"github.com/dreamseed/platform/internal/sandbox/standin/azurenative"
)

func TestTheStandInKnowsNothingThatIsNotBuilt(t *testing.T) {
	private, _ := build(t, production())
	open, _ := build(t, public())
	mocktest.AssertTableIsUsed(t, azurenative.Cloud(), private, open, buckets(t, production()).Recording)
}
