package scrape_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/monitoring/scrape"
	"github.com/dreamseed/platform/monitoring/scrape/scrapetest"
)

func TestTargetsAreScrapedAndRulesEvaluatedTwiceAMinute(t *testing.T) {
	global := prometheusYML(t, scrapetest.Example()).Global
	assert.Equal(t, "30s", global.ScrapeInterval)
	assert.Equal(t, "30s", global.EvaluationInterval)
}

func TestRuleFilesAreRead(t *testing.T) {
	assert.Equal(t, []string{"/etc/prometheus/rules/*.yml"}, prometheusYML(t, scrapetest.Example()).RuleFiles)
}

func TestBothBoundsOfTheRetentionAreInTheFile(t *testing.T) {
	retention := prometheusYML(t, scrapetest.Example()).Storage.TSDB.Retention
	assert.Equal(t, "35d", retention.Time)
	assert.Equal(t, "42949672960B", retention.Size)
}

// Two replicas send the same alert; a label that differs would make two of it.
func TestAReplicaIsNamedInSeriesAndNotInAlerts(t *testing.T) {
	file := prometheusYML(t, scrapetest.Example())
	assert.Equal(t, map[string]string{"environment": "production", "replica": "a"}, file.Global.ExternalLabels)
	assert.Equal(t, []step{{Action: "labeldrop", Regex: "replica"}}, file.Alerting.AlertRelabelConfigs)
}

func TestEveryAlertmanagerGetsEveryAlert(t *testing.T) {
	args := scrapetest.Example()
	managers := prometheusYML(t, args).Alerting.Alertmanagers
	require.Len(t, managers, 1)
	require.Len(t, managers[0].StaticConfigs, 1)
	assert.Equal(t, args.Alertmanagers, managers[0].StaticConfigs[0].Targets)
	assert.Len(t, args.Alertmanagers, 2, "the control")

	args.Alertmanagers = nil
	assert.Empty(t, prometheusYML(t, args).Alerting.Alertmanagers)
}

func TestACentralStoreIsAuthorizedByAFile(t *testing.T) {
	args := scrapetest.Example()
	assert.Equal(t, []remoteWrite{
		{
			URL:           "https://metrics.example.org/api/v1/push",
			Authorization: authorization{CredentialsFile: "/etc/prometheus/remote-write/0/token"},
		},
		{URL: "http://mimir.example.org/api/v1/push"},
	}, prometheusYML(t, args).RemoteWrite)
	text, err := scrape.Prometheus(args)
	require.NoError(t, err)
	assert.NotContains(t, text, "credentials:")
	assert.NotContains(t, text, `credentials_file: ""`, "an empty path would be read as a file")
}

func TestWrongArgumentsOfPrometheusAreRefusedTogether(t *testing.T) {
	_, err := scrape.Prometheus(scrape.Args{
		Operators:   []scrape.Operator{{Name: "traefik", Namespace: "traefik"}},
		RemoteWrite: []scrape.RemoteWrite{{URL: "https://user:hunter2@metrics.example.org"}},
	})
	require.Error(t, err)
	for _, mistake := range []string{
		"the environment has no name",
		"the replica has no name",
		"the services' namespace has no name",
		"the monitoring namespace has no name",
		"the node agents' namespace has no name",
		"the retention is 0 days and 0 bytes",
		`operator "traefik" in namespace "traefik" with port 0`,
		"the URL of remote write 1 must have a host and no credentials",
	} {
		require.ErrorContains(t, err, mistake)
	}
	assert.NotContains(t, err.Error(), "hunter2")
}

func TestAWrongArgumentOfPrometheusAloneIsRefused(t *testing.T) {
	for name, spoil := range map[string]func(*scrape.Args){
		"no environment":             func(a *scrape.Args) { a.Environment = "" },
		"no replica":                 func(a *scrape.Args) { a.Replica = "" },
		"every namespace":            func(a *scrape.Args) { a.ServicesNamespace = "" },
		"every monitoring namespace": func(a *scrape.Args) { a.MonitoringNamespace = "" },
		"every agents' namespace":    func(a *scrape.Args) { a.NodeAgentsNamespace = "" },
		"no bound in time":           func(a *scrape.Args) { a.RetentionDays = 0 },
		"no bound in space":          func(a *scrape.Args) { a.RetentionBytes = 0 },
		"an operator without name":   func(a *scrape.Args) { a.Operators[0].Name = "" },
		"an operator everywhere":     func(a *scrape.Args) { a.Operators[0].Namespace = "" },
		"an operator without port":   func(a *scrape.Args) { a.Operators[0].Port = 0 },
		"a store without host":       func(a *scrape.Args) { a.RemoteWrite[0].URL = "metrics" },
		"a store that is no URL":     func(a *scrape.Args) { a.RemoteWrite[0].URL = "http://[" },
		"a store with credentials":   func(a *scrape.Args) { a.RemoteWrite[0].URL = "http://a:b@metrics" },
	} {
		t.Run(name, func(t *testing.T) {
			args := scrapetest.Example()
			_, err := scrape.Prometheus(args)
			require.NoError(t, err, "the control")
			spoil(&args)
			_, err = scrape.Prometheus(args)
			assert.Error(t, err)
		})
	}
}
