package pipeline_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// elasticFields are the fields of the exporter that are set, with their types. The module of the exporter is not to be
// had here, so this is a table of facts, read from exporter/elasticsearchexporter/config.schema.yaml of
// https://github.com/open-telemetry/opentelemetry-collector-contrib/tree/7a160c50110e93033e242df3ca59c71ed33a1cae. For
// the others it refers to config/confighttp and exporter/exporterhelper, which are those of
// https://github.com/open-telemetry/opentelemetry-collector/tree/v0.165.0.
var elasticFields = map[string]string{
	"endpoint":                          "string", // confighttp
	"compression":                       "string", // confighttp
	"timeout":                           "string", // confighttp, a duration
	"tls.ca_file":                       "string", // confighttp
	"user":                              "string",
	"password":                          "string",
	"mapping.mode":                      "string",
	"retry.enabled":                     "boolean",
	"retry.max_retries":                 "integer",
	"retry.initial_interval":            "string",
	"retry.max_interval":                "string",
	"retry.retry_on_status":             "array",
	"sending_queue.storage":             "string", // exporterhelper
	"sending_queue.sizer":               "string", // exporterhelper: requests, items or bytes
	"sending_queue.queue_size":          "integer",
	"sending_queue.block_on_overflow":   "boolean",
	"sending_queue.num_consumers":       "integer",
	"sending_queue.batch.flush_timeout": "string",
	"sending_queue.batch.min_size":      "integer",
	"sending_queue.batch.max_size":      "integer",
}

func TestTheExporterOfElasticsearchHasEveryFieldThatIsSet(t *testing.T) {
	written := map[string]string{}
	types(t, "", at(t, configuration(t, toElastic()), "exporters", "elasticsearch"), written)
	assert.Equal(t, elasticFields, written)
}

// types notes the type of each leaf of a value, by its path.
func types(t *testing.T, path string, value any, into map[string]string) {
	t.Helper()
	switch value := value.(type) {
	case map[string]any:
		for key, inner := range value {
			types(t, join(path, key), inner, into)
		}
	case []any:
		into[path] = "array"
	case string:
		into[path] = "string"
	case bool:
		into[path] = "boolean"
	case int:
		into[path] = "integer"
	default:
		require.Fail(t, "a value of another type", "%s: %T", path, value)
	}
}

func join(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}

// Mode and compression are among those that exporter/elasticsearchexporter/config.go allows, of
// https://github.com/open-telemetry/opentelemetry-collector-contrib/tree/8dbdd1e9b3115045a0e92450239881935a09a66c.
func TestTheValuesForElasticsearchAreAllowed(t *testing.T) {
	exporter := at(t, configuration(t, toElastic()), "exporters", "elasticsearch")
	assert.Contains(t, []any{"none", "raw", "ecs", "otel", "bodymap"}, at(t, exporter, "mapping", "mode"))
	assert.Contains(t, []any{"none", "gzip"}, at(t, exporter, "compression"))
	assert.Contains(t, at(t, exporter, "retry", "retry_on_status"), 429, "Elasticsearch has no room for now")
}
