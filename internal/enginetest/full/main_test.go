package full

import (
	"testing"

	"github.com/dreamseed/platform/internal/enginetest/stand"
)

// The stands that tests share. Those of the clouds are opened where they are used.
var (
	// local is read-only: after its first up it keeps the tracked configuration.
	local *stand.Stand
	// releasing gets good and bad releases with every strategy.
	releasing *stand.Stand
	// takingOver moves from the secret manager to Sealed Secrets.
	takingOver *stand.Stand
)

const namespace = "dreamseed-local"

func TestMain(m *testing.M) {
	stand.Main(m, func(first *stand.Stand) {
		local = first
		releasing = first.Opened("local", "local-releasing", stand.ServicesAlone)
		takingOver = first.Opened("local", "local-sealing", stand.ServicesAlone)
	})
}
