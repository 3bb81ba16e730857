package enginetest

import (
	"testing"

	"github.com/dreamseed/platform/internal/enginetest/stand"
)

// subject is a stand with what only the tests of this package do to it.
type subject struct{ *stand.Stand }

// The stands that tests share. Each is a stack of its own with a control plane of its own, so that they work beside
// each other: most of a run is waiting. A test takes the one on which it disturbs the least, and brings it to where it
// needs it to be.
var (
	// local is only looked at: once it is up, it stays as it is tracked, and other stands may be compared with it.
	local *subject
	// changing gets other configurations and versions, and loses objects.
	changing *subject
	// drifting is changed by other hands than the program's, and loses what they delete.
	drifting *subject
	// failing gets releases that do not work, and loses components of its control plane.
	failing *subject
	// disrupted loses pods, nodes and zones, and its migrations fail.
	disrupted *subject
	// dying loses its engine and everything that it holds.
	dying *subject
)

const namespace = "dreamseed-local"

func TestMain(m *testing.M) {
	stand.Main(m, func(first *stand.Stand) {
		local = &subject{first}
		changing = opened("local-changing")
		drifting = opened("local-drifting")
		failing = opened("local-failing")
		disrupted = opened("local-disrupted")
		dying = opened("local-dying")
	})
}

// opened is a stand of the local environment beside the first one.
func opened(stack string) *subject { return &subject{local.Opened("local", stack)} }
