package full

import (
	"testing"

	"github.com/dreamseed/platform/internal/enginetest/testbed"
)

// The testbeds that tests share. Those of the clouds are opened where they are used.
var (
	// local is read-only: after its first up it keeps the tracked configuration.
	local *testbed.Testbed
	// releasing gets good and bad releases with every strategy.
	releasing *testbed.Testbed
	// takingOver moves from the secret manager to Sealed Secrets, and is delivered to by the workflows.
	takingOver *testbed.Testbed
	// watched has the programs of monitoring behind its pods.
	watched *testbed.Testbed
	// storing has the data stores, which another hand changes, and loses its namespace.
	storing *testbed.Testbed
)

const namespace = "dreamseed-local"

func TestMain(m *testing.M) {
	testbed.Main(m, func(first *testbed.Testbed) {
		local = first
		releasing = first.Opened("local", "local-releasing", testbed.ServicesAlone)
		takingOver = first.Opened("local", "local-sealing", testbed.ServicesAlone)
		watched = first.Opened("local", "local-watched", testbed.DatabasesElsewhere)
		storing = first.Opened("local", "local-storing", testbed.ServicesWithStores)
	})
}
