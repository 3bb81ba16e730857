package config_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// digest belongs to no image.
const digest = "@sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"

// Every case lists all the keys in the complaint: a follow-up complaint about the same mistake is a fault too.
func TestMistakes(t *testing.T) {
	cases := map[string]struct {
		reason string
		made   changes
		want   []string
	}{
		"unknown store of logs": {
			reason: "there are three",
			made:   changes{"logs": map[string]any{"store": "loki", "retentionDays": 0}},
			want:   []string{"logs.store"},
		},
		"settings of logs without a store": {
			reason: "nothing would heed them",
			made: changes{"logs": map[string]any{
				"store": "none", "retentionDays": 7, "storage": "10Gi", "dailyGB": 1, "buffer": "1Gi",
			}},
			want: []string{"logs.retentionDays", "logs.storage", "logs.dailyGB", "logs.buffer"},
		},
		"logs that are kept for no day, of no volume": {
			reason: "each is one of its own, and nothing is computed from them",
			made: changes{
				"logs.retentionDays": 0, "logs.dailyGB": -1, "logs.storage": "-1Gi", "logs.buffer": "1Ki",
			},
			want: []string{"logs.retentionDays", "logs.dailyGB", "logs.storage", "logs.buffer"},
		},
		"logs for longer than their volumes hold": {
			reason: "31 days of 5 GB twice, and a tenth more for the index, are 341 GB",
			made:   changes{"logs.retentionDays": 30},
			want:   []string{"logs.storage"},
		},
		"a buffer larger than a node's disk can hold": {
			reason: "a node whose disk is full evicts its pods",
			made:   changes{"logs.buffer": "11Gi"},
			want:   []string{"logs.buffer"},
		},
		"Elasticsearch on nodes without room for it": {
			reason: "its pods would wait for ever",
			made:   changes{"cluster.nodePools.0.memory": "5Gi"},
			want:   []string{"logs.store"},
		},
		"unknown key": {
			reason: "it would be silently without effect",
			made:   changes{"replicas": 3},
			want:   []string{"replicas"},
		},
		"misspelt key": {
			reason: "its default would be used instead",
			made:   changes{"loglevel": "DEBUG"},
			want:   []string{"loglevel"},
		},
		"key without a name": {
			reason: "it is no key of ours",
			made:   changes{"": "x"},
			want:   []string{""},
		},
		"unknown key of an object": {
			reason: "an object is untyped for the engine",
			made:   changes{"cluster.colour": "green"},
			want:   []string{"cluster.colour"},
		},
		"unknown key in a list": {
			reason: "the message says which entry",
			made:   changes{"cluster.nodePools.1.minNode": 1},
			want:   []string{"cluster.nodePools[1].minNode"},
		},
		"unknown key of a service": {
			reason: "a service has keys of its own",
			made:   changes{"services.auth.replica": 3},
			want:   []string{"services.auth.replica"},
		},
		"unknown key deep in a service": {
			reason: "at every depth",
			made:   changes{"services.auth.resources.limits.gpu": 1},
			want:   []string{"services.auth.resources.limits.gpu"},
		},
		"key in another case": {
			reason: "encoding/json would take it",
			made:   changes{"cluster.Name": "dreamseed"},
			want:   []string{"cluster.Name"},
		},
		"unknown service": {
			reason: "there are seven",
			made:   changes{"services.billing": map[string]any{"replicas": 1}},
			want:   []string{"services.billing"},
		},
		"preview identity of another cloud": {
			reason: "this one would not know it",
			made:   changes{"cluster.api.previewIdentity": "arn:aws:iam::123456789012:role/preview"},
			want:   []string{"cluster.api.previewIdentity"},
		},
		"missing environment": {
			reason: "it names the namespaces",
			made:   changes{"environment": absent},
			want:   []string{"environment"},
		},
		"empty environment": {
			reason: "it is as good as missing",
			made:   changes{"environment": ""},
			want:   []string{"environment"},
		},
		"unknown environment": {
			reason: "it decides how strict the rules are",
			made:   changes{"environment": "prod"},
			want:   []string{"environment"},
		},
		"missing cluster": {
			reason: "everything required is named at once",
			made:   changes{"cluster": absent},
			want:   []string{"cluster.cloud", "cluster.name", "cluster.region", "cluster.zones", "cluster.nodePools"},
		},
		"image of another service": {
			reason: "the cluster's own registry has a repository for each service",
			made:   changes{"services.auth.image": "user-service" + digest},
			want:   []string{"services.auth.image"},
		},
		"missing service": {
			reason: "each of the seven is deployed, so each has an image",
			made:   changes{"services.auth": absent},
			want:   []string{"services.auth.image"},
		},
		"unknown log level": {
			reason: "the logging library knows five",
			made:   changes{"logLevel": "TRACE"},
			want:   []string{"logLevel"},
		},
		"deadline of nothing": {
			reason: "an explicit 0 is not replaced by the default",
			made:   changes{"rolloutDeadlineSeconds": 0},
			want:   []string{"rolloutDeadlineSeconds"},
		},
		"replicas of nothing": {
			reason: "an explicit 0 is not replaced by the default",
			made:   changes{"services.auth.autoscaling.minReplicas": 0},
			want:   []string{"services.auth.autoscaling.minReplicas"},
		},
		"empty log level of a service": {
			reason: "an explicit empty string is not replaced by the default",
			made:   changes{"services.auth.logLevel": ""},
			want:   []string{"services.auth.logLevel"},
		},
		"more pods than pods that double every 15 seconds become in a minute": {
			reason: "autoscaling is promised within a minute",
			made:   changes{"services.auth.autoscaling.maxReplicas": 49},
			want:   []string{"services.auth.autoscaling.maxReplicas"},
		},
		"Prometheus that is present without an address": {
			reason: "nothing could judge a canary",
			made:   changes{"monitoring": map[string]any{"prometheus": "present"}},
			want:   []string{"services.assessment.autoscaling.requestsPerSecond", "monitoring.url"},
		},
		"Prometheus that is no URL": {
			reason: "nothing could be asked",
			made:   changes{"monitoring": map[string]any{"prometheus": "present", "url": "prometheus:9090"}},
			want:   []string{"monitoring.url"},
		},
		"Prometheus with a password": {
			reason: "it would stand in an object that anybody in the namespace may read",
			made: changes{"monitoring": map[string]any{
				"prometheus": "present", "url": "http://user:password@prometheus:9090",
			}},
			want: []string{"monitoring.url"},
		},
		"Prometheus that is present with settings": {
			reason: "nothing would heed them",
			made: changes{"monitoring": map[string]any{
				"prometheus": "present", "url": "http://prometheus.elsewhere:9090", "replicas": 1, "storage": "30Gi",
				"grafana":       grafanaAt("grafana.learn.dreamseed.ai"),
				"retentionDays": 40, "remoteWrite": []any{map[string]any{"url": "https://store.example.org"}},
				"receivers": []any{map[string]any{"name": "team", "kind": "slack", "secret": "SLACK_URL"}},
				"routes":    map[string]any{"page": "team"},
				"secrets":   map[string]any{"SLACK_URL": map[string]any{}},
			}},
			want: []string{
				"monitoring.grafana", "monitoring.replicas", "monitoring.storage", "monitoring.retentionDays",
				"monitoring.remoteWrite",
				"monitoring.receivers", "monitoring.routes", "monitoring.secrets",
			},
		},
		"Prometheus of nobody": {
			reason: "there are two origins",
			made:   changes{"monitoring.prometheus": "none"},
			want:   []string{"services.assessment.autoscaling.requestsPerSecond", "monitoring.prometheus"},
		},
		"own Prometheus with an address": {
			reason: "which of the two is meant?",
			made:   changes{"monitoring.url": "http://prometheus:9090"},
			want:   []string{"monitoring.url"},
		},
		"three Prometheus": {
			reason: "two survive the loss of a zone, and each has every sample",
			made:   changes{"monitoring.replicas": 3},
			want:   []string{"monitoring.replicas"},
		},
		"retention below the error budget": {
			reason: "thirty days are counted over thirty days",
			made:   changes{"monitoring.retentionDays": 29},
			want:   []string{"monitoring.retentionDays"},
		},
		"retention above the volume": {
			reason: "the size would end it first, without a word",
			made:   changes{"monitoring.storage": "1Gi"},
			want:   []string{"monitoring.storage"},
		},
		"too few days on too small a volume": {
			reason: "both are told at once",
			made:   changes{"monitoring.retentionDays": 7, "monitoring.storage": "1Gi"},
			want:   []string{"monitoring.retentionDays", "monitoring.storage"},
		},
		"unknown receiver": {
			reason: "a page would go nowhere",
			made:   changes{"monitoring.routes.page": "nobody", "monitoring.routes.ticket": "somebody"},
			want:   []string{"monitoring.routes.page", "monitoring.routes.ticket"},
		},
		"nobody is told": {
			reason: "an outage would be found by its users",
			made: changes{"monitoring": map[string]any{
				"routes": map[string]any{"page": "", "heartbeat": ""}, "receivers": []any{}, "secrets": map[string]any{},
			}},
			want: []string{"monitoring.routes.page", "monitoring.routes.heartbeat"},
		},
		"receiver without its secret": {
			reason: "it would have no address",
			made:   changes{"monitoring.receivers.0.secret": "NOT_DECLARED"},
			want:   []string{"monitoring.receivers[0].secret", "monitoring.secrets.PAGERDUTY_KEY"},
		},
		"receiver of an unknown kind": {
			reason: "Alertmanager would refuse its configuration",
			made:   changes{"monitoring.receivers.0.kind": "pigeon", "monitoring.receivers.1.name": "Team!"},
			want: []string{
				"monitoring.receivers[0].kind", "monitoring.receivers[1].name", "monitoring.routes.ticket",
			},
		},
		"two receivers of one name": {
			reason: "a route would mean both",
			made:   changes{"monitoring.receivers.1.name": "on-call", "monitoring.routes.ticket": "on-call"},
			want:   []string{"monitoring.receivers[1].name"},
		},
		"Grafana whose name leads elsewhere": {
			reason: "only the records of the cluster lead to its ingress",
			made: changes{
				"monitoring.grafana": grafanaAt("grafana.learn.dreamseed.ai"), "monitoring.secrets.USERS": map[string]any{},
			},
			want: []string{"monitoring.grafana.host"},
		},
		"Grafana that is no name": {
			reason: "a certificate is issued for a name",
			made:   changes{"monitoring.grafana": grafanaAt("https://grafana"), "monitoring.secrets.USERS": map[string]any{}},
			want:   []string{"monitoring.grafana.host"},
		},
		"Grafana in the place of the services": {
			reason: "one of the two would be unreachable",
			made:   changes{"monitoring.grafana": grafanaAt("learn.dreamseed.ai"), "monitoring.secrets.USERS": map[string]any{}},
			want:   []string{"monitoring.grafana.host"},
		},
		"Grafana for everybody": {
			reason: "an address without users would be open to all",
			made: changes{
				"cluster.dns.aliases": []any{"grafana.learn.dreamseed.ai"},
				"monitoring.grafana":  map[string]any{"host": "grafana.learn.dreamseed.ai"},
			},
			want: []string{"monitoring.grafana.users"},
		},
		"Grafana behind its own administrator's password": {
			reason: "it is no list of users",
			made: changes{
				"cluster.dns.aliases": []any{"grafana.learn.dreamseed.ai"},
				"monitoring.grafana":  map[string]any{"host": "grafana.learn.dreamseed.ai", "users": "GRAFANA_ADMIN_PASSWORD"},
			},
			want: []string{"monitoring.grafana.users"},
		},
		"users whose hashes are generated": {
			reason: "nobody would know a password",
			made: changes{
				"cluster.dns.aliases":      []any{"grafana.learn.dreamseed.ai"},
				"monitoring.grafana":       grafanaAt("grafana.learn.dreamseed.ai"),
				"monitoring.secrets.USERS": map[string]any{"generate": 32},
			},
			want: []string{"monitoring.secrets.USERS.generate"},
		},
		"users who are a receiver's credential": {
			reason: "it would be taken for the list of users",
			made: changes{
				"cluster.dns.aliases": []any{"grafana.learn.dreamseed.ai"},
				"monitoring.grafana":  map[string]any{"host": "grafana.learn.dreamseed.ai", "users": "SLACK_URL"},
			},
			want: []string{"monitoring.grafana.users"},
		},
		"Grafana with every mistake": {
			reason: "each is a mistake of its own",
			made: changes{
				"monitoring.grafana": map[string]any{"host": "learn.dreamseed.ai"}, "ingress.className": "nginx",
			},
			want: []string{
				"monitoring.grafana.host", "monitoring.grafana.host", "monitoring.grafana.users",
			},
		},
		"users of nothing": {
			reason: "they would be let in nowhere",
			made: changes{
				"monitoring.grafana": map[string]any{"users": "USERS"}, "monitoring.secrets.USERS": map[string]any{},
			},
			want: []string{"monitoring.grafana.users"},
		},
		"Grafana behind an unknown controller": {
			reason: "it would not ask for the password",
			made: changes{
				"cluster.dns.aliases":      []any{"grafana.learn.dreamseed.ai"},
				"monitoring.grafana":       grafanaAt("grafana.learn.dreamseed.ai"),
				"monitoring.secrets.USERS": map[string]any{}, "ingress.className": "nginx",
			},
			want: []string{"monitoring.grafana.host"},
		},
		"remote store without an address": {
			reason: "samples would be lost without a word",
			made: changes{"monitoring.remoteWrite": []any{
				map[string]any{"url": "mimir", "secret": "TOKEN"},
			}},
			want: []string{"monitoring.remoteWrite[0].url", "monitoring.remoteWrite[0].secret"},
		},
		"objective that no alert can watch": {
			reason: "below 93 % the fastest alert never fires, and nobody keeps a hundred",
			made: changes{"services.auth.objectives": map[string]any{
				"availabilityPercent": 94.9, "latencyPercent": 100, "latencyMilliseconds": 300,
			}},
			want: []string{
				"services.auth.objectives.availabilityPercent", "services.auth.objectives.latencyMilliseconds",
				"services.auth.objectives.latencyPercent",
			},
		},
		"objective that is no number": {
			reason: "YAML takes it for a text",
			made:   changes{"services.auth.objectives.availabilityPercent": "99.9 %"},
			want:   []string{"services.auth.objectives.availabilityPercent"},
		},
		"steps longer than the deadline": {
			reason: "no release would end in time",
			made: changes{
				"services.auth.release.strategy": "canary", "rolloutDeadlineSeconds": 100,
			},
			want: []string{"services.auth.release.canary.stepSeconds"},
		},
		"quota of nothing": {
			reason: "an explicit 0 is not replaced by the peak",
			made:   changes{"quotas.services.pods": 0},
			want:   []string{"quotas.services.pods"},
		},
		"quota below the peak": {
			reason: "a release at full scale would be refused by the API server",
			made: changes{"quotas.services": map[string]any{
				"pods":     1,
				"requests": map[string]any{"cpu": "1", "memory": "1Gi"},
				"limits":   map[string]any{"cpu": "1", "memory": "1Gi"},
			}},
			want: []string{
				"quotas.services.pods", "quotas.services.requests.cpu", "quotas.services.requests.memory",
				"quotas.services.limits.cpu", "quotas.services.limits.memory",
			},
		},
		"negative quota of monitoring": {
			reason: "the API server refuses it in the middle of the run",
			made: changes{"quotas.monitoring": map[string]any{
				"pods":     -1,
				"requests": map[string]any{"cpu": "-1", "memory": "-1"},
				"limits":   map[string]any{"cpu": "-1", "memory": "-1"},
			}},
			want: []string{
				"quotas.monitoring.pods", "quotas.monitoring.requests.cpu", "quotas.monitoring.requests.memory",
				"quotas.monitoring.limits.cpu", "quotas.monitoring.limits.memory",
			},
		},
		"negative budget": {
			reason: "nothing costs less than nothing",
			made:   changes{"cost.budget": -1, "cost.users": -10_000, "cost.egressGB": -1},
			want:   []string{"cost.budget", "cost.users", "cost.egressGB"},
		},
		"unknown key of the cost": {
			reason: "a misspelt budget would be none",
			made:   changes{"cost.bugdet": 5000},
			want:   []string{"cost.bugdet"},
		},
		"egress that is no network": {
			reason: "the whole list is checked",
			made:   changes{"egress": destination("10.20.0.1/20", 0)},
			want:   []string{"egress[0].cidr", "egress[0].ports[0]"},
		},
		"quantity beyond measure": {
			reason: "to compare it would take minutes and all memory",
			made: changes{
				"cluster.nodePools.0.cpu":            "1e999999999",
				"services.auth.resources.limits.cpu": "1e-999999999",
				"quotas.monitoring.limits.memory":    strings.Repeat("9", 1000),
			},
			want: []string{
				"cluster.nodePools[0].cpu", "services.auth.resources.limits.cpu", "quotas.monitoring.limits.memory",
			},
		},
		"cluster that cannot be": {
			reason: "the contract's rules apply",
			made:   changes{"cluster.name": "Dream Seed"},
			want:   []string{"cluster.name"},
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			assert.ElementsMatch(t, c.want, keys(problems(t, c.made)), c.reason)
		})
	}
}

func TestASectionThatCannotBeReadIsNotComplainedAboutAgain(t *testing.T) {
	cases := map[string]struct {
		reason string
		made   changes
		want   []string
	}{
		"cluster": {
			reason: "its name and zones were given",
			made:   changes{"cluster.nodePools.0.cpu": "four"},
			want:   []string{"cluster.nodePools[0].cpu"},
		},
		"service": {
			reason: "its image was given",
			made:   changes{"services.auth.autoscaling.minReplicas": "three"},
			want:   []string{"services.auth.autoscaling.minReplicas"},
		},
		"service beside another": {
			reason: "only the broken one is left alone",
			made:   changes{"services.auth.autoscaling.minReplicas": "three", "services.user.image": "user:1"},
			want:   []string{"services.auth.autoscaling.minReplicas", "services.user.image"},
		},
		"quota of broken services": {
			reason: "it is measured against them",
			made:   changes{"services.auth.autoscaling.minReplicas": "three", "quotas.services.pods": 1},
			want:   []string{"services.auth.autoscaling.minReplicas"},
		},
		"all services": {
			reason: "their images were given",
			made:   changes{"services": "auth"},
			want:   []string{"services"},
		},
		"deadline": {
			reason: "its default is right",
			made:   changes{"rolloutDeadlineSeconds": "soon"},
			want:   []string{"rolloutDeadlineSeconds"},
		},
		"unknown key like a section": {
			reason: "it is no part of that section",
			made:   changes{"clusters": "x", "cluster.region": ""},
			want:   []string{"clusters", "cluster.region"},
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			assert.ElementsMatch(t, c.want, keys(problems(t, c.made)), c.reason)
		})
	}
}
