package pipeline_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"github.com/dreamseed/platform/monitoring/logging/pipeline"
)

func toVictoriaLogs() pipeline.Args {
	return pipeline.Args{
		Namespace: "shop", Environment: "staging", Cluster: "shop-staging", BufferBytes: 1 << 30,
		Store: pipeline.Store{VictoriaLogs: &pipeline.VictoriaLogs{URL: "http://victoria-logs.watch:9428"}},
	}
}

func toElastic() pipeline.Args {
	args := toVictoriaLogs()
	args.Store = pipeline.Store{Elastic: &pipeline.Elastic{
		URL: "https://elasticsearch.watch:9200", Username: "collector",
		PasswordVariable: "STORE_PASSWORD", CAFile: "/etc/authority/ca.crt",
	}}
	return args
}

// configuration returns a configuration as the collector reads it, before variables have their values.
func configuration(t *testing.T, args pipeline.Args) map[string]any {
	t.Helper()
	text, err := pipeline.Collector(args)
	require.NoError(t, err)
	var read map[string]any
	require.NoError(t, yaml.Unmarshal([]byte(text), &read))
	return read
}

// at returns what is at a path.
func at(t *testing.T, value any, path ...string) any {
	t.Helper()
	for _, key := range path {
		inner, ok := value.(map[string]any)
		require.True(t, ok, key)
		require.Contains(t, inner, key)
		value = inner[key]
	}
	return value
}

func TestEveryMistakeIsNamed(t *testing.T) {
	for name, one := range map[string]struct {
		change func(*pipeline.Args)
		want   []string
	}{
		"nothing is given": {
			func(args *pipeline.Args) { *args = pipeline.Args{} },
			[]string{
				"the namespace is missing", "the environment is missing", "the cluster is missing", "a buffer of 0 bytes",
				"exactly one store",
			},
		},
		"two stores": {
			func(args *pipeline.Args) { args.Store.Elastic = toElastic().Store.Elastic }, []string{"exactly one store"},
		},
		"an Elasticsearch that nobody can sign in to": {
			func(args *pipeline.Args) {
				args.Store = pipeline.Store{Elastic: &pipeline.Elastic{URL: "https://elasticsearch:9200"}}
			},
			[]string{"the user of", "the variable with the password of", "the file with the authority of"},
		},
		"a password in clear": {
			func(args *pipeline.Args) { args.Store.VictoriaLogs.URL = "http://user:secret@host:9428" },
			[]string{"is no URL of a scheme, a host and a port"},
		},
		"a path that is added twice": {
			func(args *pipeline.Args) { args.Store.VictoriaLogs.URL = "http://host:9428/insert" },
			[]string{"is no URL of a scheme, a host and a port"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			args := toVictoriaLogs()
			one.change(&args)
			_, err := pipeline.Collector(args)
			for _, want := range one.want {
				require.ErrorContains(t, err, want)
			}
		})
	}
}

func TestOnlyTheFilesOfTheServicesAreRead(t *testing.T) {
	receiver := at(t, configuration(t, toVictoriaLogs()), "receivers", "file_log/pods")
	assert.Equal(t, []any{"/var/log/pods/shop_*/*/*.log", "/var/log/pods/shop_*/*/*.log.*"}, at(t, receiver, "include"))
	assert.Equal(t, []any{"/var/log/pods/shop_*/*/*.tmp"}, at(t, receiver, "exclude"))
	assert.Equal(t, "auto", at(t, receiver, "compression"), "what was not read yet may be compressed")
	assert.Equal(t, "beginning", at(t, receiver, "start_at"), "a new node has lines before its collector runs")
	assert.Equal(t, "0s", at(t, receiver, "force_flush_period"), "half of a line waits for the rest")
}

func TestNothingIsGivenUp(t *testing.T) {
	whole := configuration(t, toVictoriaLogs())
	receiver := at(t, whole, "receivers", "file_log/pods")
	exporter := at(t, whole, "exporters", "otlp_http/victorialogs")
	for name, of := range map[string]any{"the receiver": receiver, "the exporter": exporter} {
		assert.Equal(t, true, at(t, of, "retry_on_failure", "enabled"), name)
		assert.Equal(t, "0s", at(t, of, "retry_on_failure", "max_elapsed_time"), "%s never stops", name)
	}
	queue := at(t, exporter, "sending_queue")
	assert.Equal(t, 1<<30, at(t, queue, "queue_size"))
	assert.Equal(t, "bytes", at(t, queue, "sizer"))
	assert.Equal(t, false, at(t, queue, "block_on_overflow"), "a full queue refuses, which is counted")
	for name, of := range map[string]any{"positions in files": receiver, "the queue": queue} {
		assert.Equal(t, "file_storage/state", at(t, of, "storage"), name)
	}
	assert.Equal(t, pipeline.State, at(t, whole, "extensions", "file_storage/state", "directory"))
	assert.Equal(t, []any{"memory_limiter", "k8s_attributes", "resource/place"},
		at(t, whole, "service", "pipelines", "logs", "processors"), "no batch is in memory alone")
}

func TestAKilledCollectorLosesNoBatch(t *testing.T) {
	assert.Equal(t, []string{"--config=/etc/c.yaml", "--feature-gates=stanza.synchronousLogEmitter"},
		pipeline.Flags("/etc/c.yaml"))
}

// With the rights of a Role in the services' namespace, a collector sees no other pod, and asks for none.
func TestPodsAreLookedUpOnTheNodeAndInTheNamespaceAlone(t *testing.T) {
	processor := at(t, configuration(t, toVictoriaLogs()), "processors", "k8s_attributes")
	assert.Equal(t, map[string]any{"namespace": "shop", "node_from_env_var": pipeline.NodeVariable},
		at(t, processor, "filter"))
	assert.Equal(t, true, at(t, processor, "wait_for_metadata"), "without its rights it does not start")
	assert.Equal(t, []any{map[string]any{"tag_name": "service.name", "key": "app.kubernetes.io/name", "from": "pod"}},
		at(t, processor, "extract", "labels"))
}

func TestMetricsAndHealthAreServedAtTheAddressOfThePod(t *testing.T) {
	whole := configuration(t, toVictoriaLogs())
	assert.Equal(t, "${env:POD_IP}:13133", at(t, whole, "extensions", "health_check", "endpoint"))
	assert.Equal(t, []any{map[string]any{"pull": map[string]any{"exporter": map[string]any{
		"prometheus": map[string]any{"host": "${env:POD_IP}", "port": 8888, "without_type_suffix": false},
	}}}}, at(t, whole, "service", "telemetry", "metrics", "readers"))
}

func TestVictoriaLogsIsToldWhatTellsStreamsApart(t *testing.T) {
	exporter := at(t, configuration(t, toVictoriaLogs()), "exporters", "otlp_http/victorialogs")
	assert.Equal(t, "http://victoria-logs.watch:9428/insert/opentelemetry/v1/logs", at(t, exporter, "logs_endpoint"))
	assert.Equal(t, "service.name,k8s.namespace.name,k8s.pod.name,k8s.container.name",
		at(t, exporter, "headers", "VL-Stream-Fields"))
}

func TestThePasswordOfElasticsearchIsNotInTheFile(t *testing.T) {
	whole := configuration(t, toElastic())
	assert.Equal(t, "${env:STORE_PASSWORD}", at(t, whole, "exporters", "elasticsearch", "password"))
	assert.Equal(t, []any{"elasticsearch"}, at(t, whole, "service", "pipelines", "logs", "exporters"))
	assert.NotContains(t, at(t, whole, "exporters"), "otlp_http/victorialogs")
}
