package dashboard_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"testing"

	"github.com/grafana/grafana-foundation-sdk/go/cog"
	sdk "github.com/grafana/grafana-foundation-sdk/go/dashboard"
	"github.com/grafana/grafana-foundation-sdk/go/prometheus"
	"github.com/grafana/grafana-foundation-sdk/go/stat"
	"github.com/grafana/grafana-foundation-sdk/go/table"
	"github.com/grafana/grafana-foundation-sdk/go/timeseries"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/monitoring/dashboard"
	"github.com/dreamseed/platform/monitoring/objective"
)

// arguments are those of a stack with everything that a dashboard may show.
func arguments() dashboard.Args {
	return dashboard.Args{
		ServicesNamespace: "dreamseed", MonitoringNamespace: "dreamseed-monitoring",
		Services: []dashboard.Service{
			{Workload: "auth-service", Objectives: objective.Default(), MinReplicas: 3, MaxReplicas: 10},
			{Workload: "content-service", Objectives: objective.Default(), MinReplicas: 4, MaxReplicas: 20},
		},
		Operators: []string{
			"argo-rollouts", "cert-manager", "cloudnative-pg", "external-secrets", "sealed-secrets", "strimzi", "traefik",
		},
		Logs: dashboard.Logs{Jobs: []string{"log-collector", "victoria-logs"}, Claims: "victoria-logs-a"},
		Stores: dashboard.Stores{
			Jobs:     []string{"postgres", "redis", "kafka", "kafka-exporter", "objects"},
			CronJobs: []string{"auth-backup", "postgres-restore-drill"},
		},
	}
}

func built(t *testing.T) []dashboard.Dashboard {
	t.Helper()
	all, err := dashboard.All(arguments())
	require.NoError(t, err)
	require.NotEmpty(t, all)
	return all
}

// titled returns the dashboard with this title.
func titled(t *testing.T, title string) dashboard.Dashboard {
	t.Helper()
	for _, one := range built(t) {
		if one.Title == title {
			return one
		}
	}
	require.Fail(t, "no dashboard has this title", title)
	return dashboard.Dashboard{}
}

type board = sdk.Dashboard //nolint:staticcheck // Grafana 12 reads the classic model.

// decoded reads a dashboard as Grafana's schema has it, and refuses every field that is not in it.
func decoded(data []byte) (board, error) {
	// Without these, the SDK would take the options of panels and queries as they are.
	runtime := cog.NewRuntime()
	runtime.RegisterDataqueryVariant(prometheus.VariantConfig())
	runtime.RegisterPanelcfgVariant(timeseries.VariantConfig())
	runtime.RegisterPanelcfgVariant(stat.VariantConfig())
	runtime.RegisterPanelcfgVariant(table.VariantConfig())
	var read board
	// The strict decoder judges, and loses the panels. It returns its list of mistakes as an error even if that is empty.
	var mistakes cog.BuildErrors
	err := new(board).UnmarshalJSONStrict(data)
	if err != nil && (!errors.As(err, &mistakes) || len(mistakes) > 0) {
		return read, err
	}
	if err := json.Unmarshal(data, &read); err != nil {
		return read, err
	}
	return read, read.Validate()
}

// eachPanel returns every panel of every dashboard, without the titles of rows.
func eachPanel(t *testing.T) map[string]sdk.Panel {
	t.Helper()
	panels := map[string]sdk.Panel{}
	for _, one := range built(t) {
		board, err := decoded(one.JSON)
		require.NoError(t, err, one.UID)
		for _, panel := range board.Panels {
			if panel.Panel != nil {
				panels[fmt.Sprintf("%s, panel %d", one.UID, *panel.Panel.Id)] = *panel.Panel
			}
		}
	}
	require.NotEmpty(t, panels)
	return panels
}

func TestADashboardIsOfGrafanasSchema(t *testing.T) {
	for _, one := range built(t) {
		board, err := decoded(one.JSON)
		require.NoError(t, err, one.UID)
		assert.Equal(t, one.UID, *board.Uid)
		assert.Equal(t, one.Title, *board.Title)
		assert.NotEmpty(t, *board.Description, one.UID)
	}
}

// The API of Grafana wraps a dashboard. A file must not be wrapped: Grafana would find a dashboard without a title
// (https://github.com/grafana/grafana/issues/13029).
func TestAWrappedDashboardIsRefused(t *testing.T) {
	board := json.RawMessage(titled(t, "Overview").JSON)
	_, err := decoded(board)
	require.NoError(t, err, "it is accepted without the envelope")
	wrapped, err := json.Marshal(map[string]json.RawMessage{"dashboard": board})
	require.NoError(t, err)
	_, err = decoded(wrapped)
	assert.ErrorContains(t, err, "unexpected field 'dashboard'")
}

func TestAFieldThatNoPanelHasIsRefused(t *testing.T) {
	var board map[string]any
	require.NoError(t, json.Unmarshal(titled(t, "Overview").JSON, &board))
	panels := board["panels"].([]any)
	for path, in := range map[string]map[string]any{
		"options": panels[1].(map[string]any)["options"].(map[string]any),
		"target":  panels[1].(map[string]any)["targets"].([]any)[0].(map[string]any),
	} {
		in["misspelt"] = true
		data, err := json.Marshal(board)
		require.NoError(t, err)
		_, err = decoded(data)
		require.ErrorContains(t, err, "misspelt", path)
		delete(in, "misspelt")
	}
}

func TestAnUIDIsUniqueAndShortEnoughForGrafana(t *testing.T) {
	seen := map[string]bool{}
	for _, one := range built(t) {
		assert.False(t, seen[one.UID], "%s is there twice", one.UID)
		assert.LessOrEqual(t, len(one.UID), 40)
		assert.Regexp(t, `^[a-z0-9-]+$`, one.UID, "it is a part of links")
		seen[one.UID] = true
	}
}

func TestTheOtherDashboardsAreOneClickAway(t *testing.T) {
	tags := map[string]bool{}
	for _, one := range built(t) {
		board, err := decoded(one.JSON)
		require.NoError(t, err)
		tags[board.Tags[0]] = true
		require.Len(t, board.Links, 2, one.UID)
		assert.Equal(t, [][]string{{"Services"}, {"Platform"}}, [][]string{board.Links[0].Tags, board.Links[1].Tags})
		assert.Nil(t, board.Links[0].Placement, "not in a menu of its own")
	}
	assert.Equal(t, map[string]bool{"Services": true, "Platform": true}, tags)
}

func TestALongUIDIsRefused(t *testing.T) {
	args := arguments()
	args.Services[0].Workload = "a-service-whose-name-is-much-longer-than-any"
	_, err := dashboard.All(args)
	assert.ErrorContains(t, err, "at most 40")
}

func TestEachServiceHasADashboard(t *testing.T) {
	for _, service := range arguments().Services {
		one := titled(t, service.Workload)
		assert.Equal(t, "service-"+service.Workload, one.UID)
		assert.Equal(t, "Services", one.Folder)
	}
}

func TestAnUnknownOperatorIsRefused(t *testing.T) {
	args := arguments()
	args.Operators = []string{"traefik", "unheard-of"}
	_, err := dashboard.All(args)
	assert.ErrorContains(t, err, `"unheard-of"`)
}

func TestOnlyOperatorsThatAreScrapedAreShown(t *testing.T) {
	args := arguments()
	args.Operators = nil
	all, err := dashboard.All(args)
	require.NoError(t, err)
	require.Len(t, all, len(built(t))-1)
	for _, one := range all {
		assert.NotEqual(t, "Operators", one.Title)
	}
	assert.Contains(t, string(titled(t, "Operators").JSON), "traefik_entrypoint_requests_total", "it is there with them")
}

func TestEachStoreThatRunsHasARow(t *testing.T) {
	rows := func(stores dashboard.Stores) []string {
		args := arguments()
		args.Stores = stores
		all, err := dashboard.All(args)
		require.NoError(t, err)
		var titles []string
		for _, one := range all {
			if one.UID != "platform-stores" {
				continue
			}
			board, err := decoded(one.JSON)
			require.NoError(t, err)
			for _, panel := range board.Panels {
				if panel.RowPanel != nil {
					titles = append(titles, *panel.RowPanel.Title)
				}
			}
		}
		return titles
	}
	const rest = "Volumes and backups"
	assert.Equal(t, []string{"PostgreSQL", "Valkey", "Kafka", "Object storage", rest}, rows(arguments().Stores))
	assert.Equal(t, []string{"Valkey", rest}, rows(dashboard.Stores{Jobs: []string{"redis"}}))
	assert.Empty(t, rows(dashboard.Stores{}), "no store runs in the cluster")
}

// A ConfigMap holds at most 1 MiB (https://kubernetes.io/docs/concepts/configuration/configmap).
func TestADashboardFitsIntoAConfigMap(t *testing.T) {
	for _, one := range built(t) {
		assert.Less(t, len(one.JSON), 900<<10, one.UID)
	}
}

func TestTheSameArgumentsGiveTheSameFiles(t *testing.T) {
	first, second := built(t), built(t)
	assert.Equal(t, first, second)
}
