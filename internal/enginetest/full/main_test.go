package full

import (
	"testing"

	"github.com/dreamseed/platform/internal/enginetest/stand"
)

// The stands that tests share. Those of the clouds are opened where they are used.
var (
	// local is only looked at: once it is up, it stays as it is tracked.
	local *stand.Stand
	// releasing gets releases by every strategy, good and bad ones.
	releasing *stand.Stand
	// takingOver goes over from the secret manager to Sealed Secrets.
	takingOver *stand.Stand
)

const namespace = "dreamseed-local"

func TestMain(m *testing.M) {
	stand.Main(m, func(first *stand.Stand) {
		local = first
		releasing = first.Opened("local", "local-releasing")
		takingOver = first.Opened("local", "local-sealing")
	})
}
