package eks_test

import (
	"testing"

	"github.com/dreamseed/platform/internal/mocktest"
	"github.com/dreamseed/platform/internal/sandbox/standin/aws"
)

func TestTheStandInKnowsNothingThatIsNotBuilt(t *testing.T) {
	public := production()
	public.API.AuthorizedRanges = []string{"203.0.113.0/24"}
	open, _ := build(t, public)
	mocktest.AssertTableIsUsed(t, aws.Cloud(), open, buckets(t, public).Recording)
}
