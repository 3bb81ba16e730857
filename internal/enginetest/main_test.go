package enginetest

import (
	"testing"

	"github.com/dreamseed/platform/internal/enginetest/testbed"
)

// subject is a testbed with the operations that only the tests of this package need.
type subject struct{ *testbed.Testbed }

// The testbeds that tests share. Each is a stack of its own with a control plane of its own, so that they work in
// parallel: a run mostly waits. A test takes the testbed on which it disturbs the least, and brings it into the state
// that it needs. The first has everything that the local stack has, the others the services alone.
var (
	// local is read-only: after its first up it keeps the tracked configuration, and others may be compared with it.
	local *subject
	// changing gets other configurations and versions, and loses objects.
	changing *subject
	// drifting is changed by clients other than the program, and loses objects that they delete.
	drifting *subject
	// failing gets releases that fail, and loses components of its control plane.
	failing *subject
	// disrupted loses pods, nodes and zones, and its migrations fail.
	disrupted *subject
	// dying loses its engine and all of its objects.
	dying *subject
)

const namespace = "dreamseed-local"

func TestMain(m *testing.M) {
	testbed.Main(m, func(first *testbed.Testbed) {
		local = &subject{first}
		changing = opened("local-changing")
		drifting = opened("local-drifting")
		failing = opened("local-failing")
		disrupted = opened("local-disrupted")
		dying = opened("local-dying")
	})
}

// opened returns a testbed of the local environment's services beside the first one.
func opened(stack string) *subject {
	return &subject{local.Opened("local", stack, testbed.ServicesAlone)}
}
