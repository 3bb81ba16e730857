package pipeline

import "strings"

// config is the content of config.yaml (https://opentelemetry.io/docs/collector/configuration).
type config struct {
	Extensions map[string]any `yaml:"extensions"`
	Receivers  map[string]any `yaml:"receivers"`
	Processors map[string]any `yaml:"processors"`
	Exporters  map[string]any `yaml:"exporters"`
	Service    service        `yaml:"service"`
}

// The components, in the form type/name.
const (
	podLines     = "file_log/pods"
	state        = "file_storage/state"
	health       = "health_check"
	limit        = "memory_limiter"
	podNames     = "k8s_attributes"
	place        = "resource/place"
	victoriaLogs = "otlp_http/victorialogs"
	elastic      = "elasticsearch"
)

// fromEnvironment is replaced by the value of an environment variable when the collector reads its configuration.
func fromEnvironment(variable string) string { return "${env:" + variable + "}" }

// literal escapes what the collector would take for a variable: the end of a line in a pattern, or a group in a
// replacement.
func literal(text string) string { return strings.ReplaceAll(text, "$", "$$") }
