package monitoring_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/monitoring/alert/alerttest"
	"github.com/dreamseed/platform/monitoring/contract"
	"github.com/dreamseed/platform/monitoring/dashboard"
	"github.com/dreamseed/platform/services/catalogue"
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
		Operators: []string{"traefik"}, Stores: dashboard.Stores{Jobs: []string{contract.JobPostgres}},
	})
	require.NoError(t, err)
	require.Len(t, dashboards, 6, "and one for each service")
	for _, one := range dashboards {
		assert.Contains(t, page, "| `"+one.UID+"` |")
	}
}

// The authors of services read the page, and scraping, rules and analyses read the contract.
func TestThePageTellsTheAuthorsOfServicesTheContract(t *testing.T) {
	text, err := os.ReadFile("../docs/monitoring.md")
	require.NoError(t, err)
	_, rest, found := strings.Cut(string(text), "## For the authors of services")
	require.True(t, found)
	section, _, _ := strings.Cut(rest, "\n## ")
	for _, word := range []string{
		contract.RequestsTotal, contract.RequestDuration, contract.LabelStatus, contract.Path, contract.LabelNamespace,
		contract.LabelPod, contract.LabelNode, contract.LabelService, contract.LabelVersion,
	} {
		assert.Contains(t, section, "`"+word+"`")
	}
	buckets := contract.BucketMilliseconds()
	assert.Contains(t, section, fmt.Sprintf("%d ms to %d s", buckets[0], buckets[len(buckets)-1]/1000))
	assert.Contains(t, section, fmt.Sprintf("port %d", catalogue.Port))
}
