package scrape_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/monitoring/rule"
	"github.com/dreamseed/platform/monitoring/scrape"
	"github.com/dreamseed/platform/monitoring/scrape/scrapetest"
)

// alertmanagerFile has the fields of alertmanager.yml that the tests read, under the names of Alertmanager's
// documentation. The tests refuse any other field.
type alertmanagerFile struct {
	Route        route
	InhibitRules []struct {
		Source []string `yaml:"source_matchers"`
		Target []string `yaml:"target_matchers"`
		Equal  []string
	} `yaml:"inhibit_rules"`
	Receivers []receiver
}

type route struct {
	Receiver string
	Matchers []string
	GroupBy  []string `yaml:"group_by"`
	Wait     string   `yaml:"group_wait"`
	Interval string   `yaml:"group_interval"`
	Repeat   string   `yaml:"repeat_interval"`
	Routes   []route
}

type receiver struct {
	Name      string
	Webhook   []address `yaml:"webhook_configs"`
	Slack     []address `yaml:"slack_configs"`
	PagerDuty []address `yaml:"pagerduty_configs"`
}

type address struct {
	URLFile        string `yaml:"url_file"`
	APIURLFile     string `yaml:"api_url_file"`
	RoutingKeyFile string `yaml:"routing_key_file"`
	SendResolved   bool   `yaml:"send_resolved"`
	Text           string
}

func alertmanagerYML(t *testing.T, args scrape.AlertmanagerArgs) alertmanagerFile {
	t.Helper()
	text, err := scrape.Alertmanager(args)
	require.NoError(t, err)
	var file alertmanagerFile
	decodeStrictly(t, text, &file)
	require.NotEmpty(t, file.Route.Routes)
	return file
}

// of returns the route of a severity.
func (f alertmanagerFile) of(t *testing.T, severity rule.Severity) route {
	t.Helper()
	for _, one := range f.Route.Routes {
		require.Len(t, one.Matchers, 1)
		if one.Matchers[0] == `severity="`+string(severity)+`"` {
			return one
		}
	}
	require.Fail(t, "no such route", severity)
	return route{}
}

func TestAlertsAreRoutedBySeverity(t *testing.T) {
	file := alertmanagerYML(t, scrapetest.ExampleAlertmanager())
	assert.Len(t, file.Route.Routes, len(rule.Severities()))
	assert.Equal(t, "on-call", file.of(t, rule.Page).Receiver)
	assert.Equal(t, "team", file.of(t, rule.Ticket).Receiver)
	assert.Equal(t, "dead-man", file.of(t, rule.Heartbeat).Receiver)
}

func TestAnAlertOfUnknownSeverityIsATicket(t *testing.T) {
	file := alertmanagerYML(t, scrapetest.ExampleAlertmanager())
	root, ticket := file.Route, file.of(t, rule.Ticket)
	assert.Equal(t, "team", root.Receiver)
	assert.Empty(t, root.Matchers)
	assert.Equal(t, []string{ticket.Wait, ticket.Interval, ticket.Repeat}, []string{root.Wait, root.Interval, root.Repeat})
}

func TestAlertsAreGroupedByWhatTheyAreAbout(t *testing.T) {
	file := alertmanagerYML(t, scrapetest.ExampleAlertmanager())
	assert.Equal(t, []string{"alertname", "namespace", "service"}, file.Route.GroupBy)
	for _, one := range file.Route.Routes {
		assert.Empty(t, one.GroupBy, "it inherits the root's")
	}
}

func TestAPageComesSoonerThanATicketAndAHeartbeatOften(t *testing.T) {
	file := alertmanagerYML(t, scrapetest.ExampleAlertmanager())
	rhythms := map[rule.Severity][]string{}
	for _, severity := range rule.Severities() {
		one := file.of(t, severity)
		rhythms[severity] = []string{one.Wait, one.Interval, one.Repeat}
	}
	assert.Equal(t, map[rule.Severity][]string{
		rule.Page: {"10s", "1m", "4h"}, rule.Ticket: {"1m", "15m", "24h"}, rule.Heartbeat: {"0s", "1m", "1m"},
	}, rhythms)
}

func TestAPageInhibitsTheTicketOfTheSameAlertAndService(t *testing.T) {
	rules := alertmanagerYML(t, scrapetest.ExampleAlertmanager()).InhibitRules
	require.Len(t, rules, 1)
	assert.Equal(t, []string{`severity="page"`, `service!=""`}, rules[0].Source)
	assert.Equal(t, []string{`severity="ticket"`}, rules[0].Target)
	assert.Equal(t, []string{"alertname", "namespace", "service"}, rules[0].Equal)
}

func TestCredentialsOfReceiversAreFiles(t *testing.T) {
	receivers := alertmanagerYML(t, scrapetest.ExampleAlertmanager()).Receivers
	require.Len(t, receivers, 4)
	assert.Equal(t, receiver{Name: "on-call", PagerDuty: []address{
		{RoutingKeyFile: "/etc/alertmanager/receivers/on-call", SendResolved: true},
	}}, receivers[1])
	assert.Equal(t, receiver{Name: "dead-man", Webhook: []address{
		{URLFile: "/etc/alertmanager/receivers/dead-man"},
	}}, receivers[3])
	require.Len(t, receivers[2].Slack, 1)
	assert.Equal(t, "/etc/alertmanager/receivers/team", receivers[2].Slack[0].APIURLFile)
	assert.Contains(t, receivers[2].Slack[0].Text, ".Annotations", "the title names the alert alone")
}

// To its receiver the end of the heartbeat is silence. A notification that it is over would be one more beat.
func TestOnlyTheHeartbeatsReceiverDoesNotLearnThatAnAlertIsOver(t *testing.T) {
	args := scrapetest.ExampleAlertmanager()
	for i := range args.Receivers {
		args.Receivers[i].Kind = scrape.Webhook
	}
	for _, one := range alertmanagerYML(t, args).Receivers[1:] {
		require.Len(t, one.Webhook, 1)
		assert.Equal(t, one.Name != "dead-man", one.Webhook[0].SendResolved, one.Name)
	}
}

func TestASeverityWithoutAReceiverReachesNobody(t *testing.T) {
	file := alertmanagerYML(t, scrape.AlertmanagerArgs{})
	assert.Equal(t, []receiver{{Name: "nobody"}}, file.Receivers)
	assert.Equal(t, "nobody", file.Route.Receiver)
	for _, severity := range rule.Severities() {
		assert.Equal(t, "nobody", file.of(t, severity).Receiver)
	}
}

func TestAWrongArgumentOfAlertmanagerIsRefused(t *testing.T) {
	for name, mistake := range map[string]struct {
		spoil func(*scrape.AlertmanagerArgs)
		says  string
	}{
		"an unknown receiver": {
			func(a *scrape.AlertmanagerArgs) { a.Routes.Page = "somebody" },
			`the receiver "somebody" of severity page is not declared`,
		},
		"a reserved name in a route": {
			func(a *scrape.AlertmanagerArgs) { a.Routes.Ticket = "nobody" },
			`the receiver "nobody" of severity ticket is not declared`,
		},
		"a reserved name": {
			func(a *scrape.AlertmanagerArgs) { a.Receivers[0].Name = "nobody" }, `receiver "nobody": the name is`,
		},
		"no name": {
			func(a *scrape.AlertmanagerArgs) { a.Receivers[0].Name = "" }, `receiver "": the name is`,
		},
		"a name used twice": {
			func(a *scrape.AlertmanagerArgs) { a.Receivers[0].Name = "team" }, `receiver "team": the name is`,
		},
		"an unknown kind": {
			func(a *scrape.AlertmanagerArgs) { a.Receivers[0].Kind = "pigeon" }, "a kind out of [pagerduty slack webhook]",
		},
		"no credential": {
			func(a *scrape.AlertmanagerArgs) { a.Receivers[0].File = "" }, "it must have a file",
		},
		"a heartbeat for those who are paged": {
			func(a *scrape.AlertmanagerArgs) { a.Routes.Heartbeat = "on-call" }, "must receive nothing else",
		},
		"a heartbeat for those with tickets": {
			func(a *scrape.AlertmanagerArgs) { a.Routes.Heartbeat = "team" }, "must receive nothing else",
		},
	} {
		t.Run(name, func(t *testing.T) {
			args := scrapetest.ExampleAlertmanager()
			_, err := scrape.Alertmanager(args)
			require.NoError(t, err, "the control")
			mistake.spoil(&args)
			_, err = scrape.Alertmanager(args)
			assert.ErrorContains(t, err, mistake.says)
		})
	}
}
