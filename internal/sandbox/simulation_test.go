package sandbox

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/dreamseed/platform/internal/config"
	"github.com/dreamseed/platform/internal/sandbox/layout"
)

func TestTheControlPlaneLearnsWhereTheServicesAre(t *testing.T) {
	box := Open(layout.Default(t.TempDir()), "staging")
	simulation := box.simulation(&config.Config{Environment: config.Staging}, nil)
	assert.Equal(t, "dreamseed-staging", simulation.Namespace)
}
