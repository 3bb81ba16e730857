package dashboard_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/monitoring/contract"
	"github.com/dreamseed/platform/monitoring/dashboard"
	"github.com/dreamseed/platform/monitoring/objective"
)

func queries(t *testing.T, of dashboard.Dashboard) []string {
	t.Helper()
	all, err := dashboard.Queries(of)
	require.NoError(t, err)
	require.NotEmpty(t, all)
	return all
}

func TestQueriesAreThoseOfPanelsAndEvents(t *testing.T) {
	all, err := dashboard.Queries(dashboard.Dashboard{JSON: []byte(`{
		"panels": [{"type": "row"}, {"targets": [{"expr": "a"}, {"expr": "b"}]}, {"targets": [{"expr": "c"}]}],
		"annotations": {"list": [{"target": {"expr": "d"}}]}
	}`)})
	require.NoError(t, err)
	assert.Equal(t, []string{"a", "b", "c", "d"}, all)
}

func TestADashboardWithoutQueriesIsAnError(t *testing.T) {
	_, err := dashboard.Queries(dashboard.Dashboard{JSON: []byte(`{"panels": []}`)})
	assert.Error(t, err)
}

func TestNoQueryDependsOnGrafana(t *testing.T) {
	for _, one := range built(t) {
		for _, query := range queries(t, one) {
			assert.NotEmpty(t, query, one.UID)
			assert.NotContains(t, query, "$", "%s: Prometheus alone knows no variable", one.UID)
		}
	}
}

// Rules, canaries and dashboards that disagreed about an error would be worse than none.
func TestAServicesQueriesAreThoseOfTheContract(t *testing.T) {
	selected := contract.OfService("dreamseed", "auth-service")
	shown := queries(t, titled(t, "auth-service"))
	ratio := contract.Ratio(contract.FailedRequests(selected), contract.Requests(selected), "5m")
	assert.Contains(t, shown, ratio+" or 0 * "+contract.Requests(selected)("rate", "5m"))
	for _, quantile := range []float64{0.5, 0.95, 0.99} {
		assert.Contains(t, shown, contract.Latency(selected, quantile, "5m"))
	}
}

func TestTheBudgetsAreThoseOfTheRecordedSeries(t *testing.T) {
	service := objective.Service{Namespace: "dreamseed", Workload: "auth-service", Objectives: objective.Default()}
	var recorded []string
	for _, group := range service.Groups() {
		for _, one := range group.Rules {
			recorded = append(recorded, one.Record)
		}
	}
	for i, series := range []string{
		"service:http_requests_failed:ratio_rate30d", "service:http_requests_slow:ratio_rate30d",
	} {
		require.Contains(t, recorded, series)
		left := service.Budgets()[i].Left
		assert.Contains(t, left, series+`{namespace="dreamseed",service="auth-service"}`)
		assert.Contains(t, queries(t, titled(t, "auth-service")), left)
		assert.Contains(t, queries(t, titled(t, "Overview")), left)
	}
}

func TestAReleaseIsMarkedOnTheDashboardOfItsService(t *testing.T) {
	board, err := decoded(titled(t, "auth-service").JSON)
	require.NoError(t, err)
	require.Len(t, board.Annotations.List, 1)
	shown := queries(t, titled(t, "auth-service"))
	release := shown[len(shown)-1]
	assert.Contains(t, release, `created_by_name=~"auth-service-[a-z0-9]+"`)
	assert.Contains(t, release, "offset 5m", "it ends")
}
