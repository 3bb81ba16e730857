package alert_test

import (
	"regexp"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/cluster"
	"github.com/dreamseed/platform/internal/operator"
	"github.com/dreamseed/platform/monitoring/alert"
	"github.com/dreamseed/platform/monitoring/alert/alerttest"
	"github.com/dreamseed/platform/monitoring/contract"
	"github.com/dreamseed/platform/monitoring/exporter"
	"github.com/dreamseed/platform/monitoring/rule"
)

// alerts returns the alerts of the example environment.
func alerts(t *testing.T) []rule.Rule {
	t.Helper()
	all := alerttest.Alerts()
	require.NotEmpty(t, all)
	return all
}

// names returns the names of the alerts of the example environment, each once.
func names(t *testing.T) []string {
	t.Helper()
	var all []string
	for _, one := range alerts(t) {
		all = append(all, one.Alert)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

func TestEveryAlertSaysWhoLearnsOfItAndWhatToDo(t *testing.T) {
	for _, one := range alerts(t) {
		assert.Contains(t, rule.Severities(), rule.Severity(one.Labels[rule.SeverityLabel]), one.Alert)
		assert.NotEmpty(t, one.Annotations["summary"], one.Alert)
		assert.NotEmpty(t, one.Annotations["description"], one.Alert)
		assert.Equal(t, alert.Runbook(one.Alert), one.Annotations["runbook"], one.Alert)
	}
}

func TestAnOperatorThatIsNotInstalledHasNoAlert(t *testing.T) {
	environment := alerttest.Environment()
	with := names(t)
	environment.Operators = nil
	var without []string
	for _, one := range rule.Alerts(alert.Groups(environment)) {
		without = append(without, one.Alert)
	}
	for _, name := range []string{"RolloutStalled", "CertificateExpiring", "CertificateNotReady", "SecretNotSynced"} {
		assert.Contains(t, with, name, "the control")
		assert.NotContains(t, without, name)
	}
	for _, group := range alert.Groups(environment) {
		assert.NotEmpty(t, group.Rules, group.Name)
	}
}

// named returns the names of the alerts of an environment.
func named(environment alert.Environment) []string {
	var all []string
	for _, one := range rule.Alerts(alert.Groups(environment)) {
		all = append(all, one.Alert)
	}
	return all
}

func TestAStoreHasAlertsWhereItRuns(t *testing.T) {
	for job, own := range map[string][]string{
		contract.JobPostgres: {"PostgresReplicaBehind"},
		contract.JobRedis:    {"RedisMemoryFilling", "RedisWritesRefused"},
		contract.JobKafka:    {"KafkaPartitionsOffline", "KafkaPartitionsUnderReplicated", "KafkaConsumersBehind"},
		contract.JobObjects:  {"ObjectsReadOnly", "ObjectsDiskFailing"},
	} {
		environment := alerttest.Environment()
		environment.Stores = alert.Stores{Jobs: []string{job}}
		assert.Subset(t, named(environment), append(own, "StoreDown"), job)
		environment.Stores.Jobs = slices.DeleteFunc(alerttest.Environment().Stores.Jobs, func(one string) bool {
			return one == job
		})
		for _, name := range own {
			assert.NotContains(t, named(environment), name, job)
		}
		for _, one := range rule.Alerts(alert.Groups(environment)) {
			assert.NotContains(t, one.Expr, contract.Equal(contract.LabelJob, job), one.Alert)
		}
	}
}

func TestAnEnvironmentWithoutStoresHasNoAlertOnAny(t *testing.T) {
	environment := alerttest.Environment()
	with := named(environment)
	environment.Stores = alert.Stores{}
	for _, name := range []string{"StoreDown", "BackupTooOld", "RestoreDrillFailed"} {
		assert.Contains(t, with, name, "the control")
		assert.NotContains(t, named(environment), name)
	}
	for _, group := range alert.Groups(environment) {
		assert.NotEmpty(t, group.Rules, group.Name)
	}
}

// kube-state-metrics serves no metric that is not in its list: an alert on another would never fire.
func TestKubeStateMetricsServesWhatTheAlertsRead(t *testing.T) {
	served, read := exporter.StateMetrics(), metricsOf(t, contract.JobKubeStateMetrics)
	assert.Contains(t, read, "kube_cronjob_status_last_successful_time", "the control")
	assert.Subset(t, served, read)
}

func TestTheOrderOfTheOperatorsChangesNoRule(t *testing.T) {
	environment := alerttest.Environment()
	groups := alert.Groups(environment)
	slices.Reverse(environment.Operators)
	assert.Equal(t, groups, alert.Groups(environment))
}

// The names are repeated because package operator builds resources, which rules need not know.
func TestTheOperatorsAreThoseOfThePlatform(t *testing.T) {
	platform := []string{
		string(operator.ArgoRollouts), string(operator.CertManager), string(operator.ExternalSecrets),
		string(operator.KEDA), string(operator.SealedSecrets), string(operator.Traefik),
	}
	assert.ElementsMatch(t, platform, alerttest.Environment().Operators)
	for _, name := range platform {
		if name != string(operator.Traefik) { // It has no alert of its own; its targets are watched like all others.
			assert.NotEmpty(t, metricsOf(t, name), name)
		}
	}
}

// metricsOf returns the metrics of a job in the rules, in addition to whether its targets are up.
func metricsOf(t *testing.T, job string) []string {
	t.Helper()
	selectors := regexp.MustCompile(`(\w+)\{job="` + job + `"`)
	var found []string
	for _, one := range alerts(t) {
		for _, match := range selectors.FindAllStringSubmatch(one.Expr, -1) {
			if match[1] != "up" {
				found = append(found, match[1])
			}
		}
	}
	return found
}

func TestSpotNodesOfEveryCloudAreRecognized(t *testing.T) {
	of := func(name string) rule.Rule {
		all := alerts(t)
		at := slices.IndexFunc(all, func(one rule.Rule) bool { return one.Alert == name })
		require.GreaterOrEqual(t, at, 0)
		return all[at]
	}("SpotNodesReclaimed")
	found := regexp.MustCompile(`key=~"([^"]+)"`).FindStringSubmatch(of.Expr)
	require.Len(t, found, 2)
	keys := regexp.MustCompile("^(?:" + found[1] + ")$")
	for _, cloud := range []cluster.Cloud{cluster.GKE, cluster.EKS, cluster.AKS, cluster.Existing} {
		assert.Regexp(t, keys, cloud.Spot().Key, cloud)
	}
	assert.NotRegexp(t, keys, "node.kubernetes.io/not-ready", "the control")
}
