package gke_test

import (
	"testing"

	"github.com/dreamseed/platform/cluster"
	"github.com/dreamseed/platform/internal/mocktest"
	"github.com/dreamseed/platform/internal/sandbox/standin/gcp"
)

func TestTheStandInKnowsNothingThatIsNotBuilt(t *testing.T) {
	public := production()
	public.API.AuthorizedRanges = []string{"203.0.113.0/24"}
	public.Network.Data = "10.2.1.0/24"
	open, _ := build(t, public)
	second := wanted()
	second.Generation, second.RestoreFrom = 2, cluster.Restore{Generation: 1, Time: "2026-11-27T10:15:00Z"}
	mocktest.AssertTableIsUsed(t, gcp.Cloud(), open, databases(t, public, wanted(), second), readers(t, public).Recording,
		buckets(t, public).Recording)
}
