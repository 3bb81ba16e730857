package monitoring_test

import (
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/monitoring/alert/alerttest"
	"github.com/dreamseed/platform/monitoring/dashboard"
)

func TestThePageHasEveryAlertAndEveryDashboard(t *testing.T) {
	text, err := os.ReadFile("../docs/monitoring.md")
	require.NoError(t, err)
	page := string(text)
	alerts := alerttest.Alerts()
	require.NotEmpty(t, alerts)
	for _, one := range alerts {
		assert.Contains(t, page, "| "+one.Alert+" | [runbook](runbooks/alerts/"+one.Alert+".md) |")
	}
	dashboards, err := dashboard.All(dashboard.Args{
		ServicesNamespace: "dreamseed-production", MonitoringNamespace: "dreamseed-monitoring",
		Operators: []string{"traefik"},
	})
	require.NoError(t, err)
	require.Len(t, dashboards, 5, "and one for each service")
	for _, one := range dashboards {
		assert.Contains(t, page, "| `"+one.UID+"` |")
	}
}
