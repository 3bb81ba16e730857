package sandbox

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/dreamseed/platform/internal/config"
	"github.com/dreamseed/platform/internal/sandbox/layout"
)

func TestTheControlPlaneLearnsWhereTheServicesAre(t *testing.T) {
	box := Open(layout.Default(t.TempDir()), "staging")
	spec := box.spec(&config.Config{Environment: config.Staging}, []string{"traefik"})
	assert.Equal(t, []string{"dreamseed-staging"}, spec.Namespaces)
	assert.Equal(t, []string{"traefik"}, spec.Programs)
}
