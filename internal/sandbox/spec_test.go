package sandbox

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/internal/config"
	"github.com/dreamseed/platform/internal/sandbox/components"
	"github.com/dreamseed/platform/internal/sandbox/engine"
	"github.com/dreamseed/platform/internal/sandbox/layout"
	"github.com/dreamseed/platform/internal/sandbox/monitoring"
	"github.com/dreamseed/platform/monitoring/logging"
)

func TestTheControlPlaneLearnsWhereTheServicesAre(t *testing.T) {
	box := Open(layout.Default(t.TempDir()), "staging")
	spec := box.spec(&config.Config{Environment: config.Staging}, []string{"traefik"})
	assert.Equal(t, []string{"dreamseed-staging"}, spec.Namespaces)
	assert.Equal(t, []string{"dreamseed-staging"}, spec.IngressNamespaces)
	assert.Equal(t, []string{"traefik"}, spec.Programs)
}

func TestTheStateIsWrittenAtEachStepUnlessSomebodyAsks(t *testing.T) {
	box := Open(layout.Default(t.TempDir()), "local")
	assert.Empty(t, box.options(Display{}, engine.Options{}).Environment)
	box.SaveOnce = true
	assert.Equal(t, []string{engine.SaveOnce}, box.options(Display{}, engine.Options{}).Environment)
}

func TestMonitoringRunsWhereItIsAskedForOnly(t *testing.T) {
	box := Open(layout.Default(t.TempDir()), "local")
	cfg := &config.Config{}
	assert.NotContains(t, box.programs(cfg), monitoring.Name)
	assert.False(t, box.spec(cfg, nil).Usage)

	box.Monitoring = true
	assert.Contains(t, box.programs(cfg), monitoring.Name)
	assert.True(t, box.spec(cfg, nil).Usage, "Prometheus scrapes the kubelets")
	needed := box.components(cfg)
	assert.Subset(t, needed, monitoring.Components())
	require.NotEmpty(t, monitoring.Logs())
	assert.NotContains(t, needed, monitoring.Logs()[0], "nothing keeps lines")
	cfg.Logs.Store = logging.VictoriaLogs
	assert.Subset(t, box.components(cfg), monitoring.Logs())
	assert.Equal(t, monitoring.Supervisor(), needed[len(needed)-1], "the repository's own are last")
}

func TestUpBuildsNothingOfMonitoring(t *testing.T) {
	box := Open(layout.Default(t.TempDir()), "local")
	every := map[string]bool{}
	for _, c := range allComponents() {
		every[c.Name] = true
	}
	require.NotEmpty(t, monitoring.Components())
	all := slices.Concat(monitoring.Components(), monitoring.Logs(), []components.Component{monitoring.Supervisor()})
	for _, c := range all {
		assert.True(t, every[c.Name], "the full check builds %s", c.Name)
		assert.NotContains(t, box.components(&config.Config{}), c, c.Name)
	}
}

func TestOnlyTheFullCheckBuildsJudges(t *testing.T) {
	box := Open(layout.Default(t.TempDir()), "local")
	box.Monitoring = true
	require.NotEmpty(t, components.Judges())
	for _, judge := range components.Judges() {
		assert.Contains(t, allComponents(), judge)
		assert.NotContains(t, box.components(&config.Config{}), judge)
	}
}
