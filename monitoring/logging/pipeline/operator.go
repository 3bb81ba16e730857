package pipeline

import "slices"

// operator does one thing to each line
// (https://github.com/open-telemetry/opentelemetry-collector-contrib/tree/v0.165.0/pkg/stanza/docs/operators). It has
// the fields of every type that is used here.
type operator struct {
	Type   string `yaml:"type"`
	ID     string `yaml:"id"`
	If     string `yaml:"if,omitempty"`
	Output string `yaml:"output,omitempty"`
	// OnError is what happens to a line that the operator cannot handle.
	OnError string `yaml:"on_error,omitempty"`

	// Of router.
	Routes  []route  `yaml:"routes,omitempty"`
	Default []string `yaml:"default,omitempty"`

	// Of container and recombine.
	Format                string `yaml:"format,omitempty"`
	MaxLogSize            int    `yaml:"max_log_size,omitempty"`
	CombineField          string `yaml:"combine_field,omitempty"`
	IsFirstEntry          string `yaml:"is_first_entry,omitempty"`
	IsLastEntry           string `yaml:"is_last_entry,omitempty"`
	ForceFlushPeriod      string `yaml:"force_flush_period,omitempty"`
	MaxBatchSize          int    `yaml:"max_batch_size,omitempty"`
	MaxUnmatchedBatchSize int    `yaml:"max_unmatched_batch_size,omitempty"`

	// Of regex_replace.
	Field       string `yaml:"field,omitempty"`
	ReplaceWith string `yaml:"replace_with,omitempty"`

	// Of regex_replace and the parsers.
	Regex         string              `yaml:"regex,omitempty"`
	ParseFrom     string              `yaml:"parse_from,omitempty"`
	ParseTo       string              `yaml:"parse_to,omitempty"`
	ParseInts     bool                `yaml:"parse_ints,omitempty"`
	Preset        string              `yaml:"preset,omitempty"`
	Mapping       map[string][]string `yaml:"mapping,omitempty"`
	OverwriteText bool                `yaml:"overwrite_text,omitempty"`
	TraceID       *parsedField        `yaml:"trace_id,omitempty"`
	SpanID        *parsedField        `yaml:"span_id,omitempty"`

	// Of move.
	From string `yaml:"from,omitempty"`
	To   string `yaml:"to,omitempty"`
}

type route struct {
	Expr   string   `yaml:"expr"`
	Output []string `yaml:"output"`
}

type parsedField struct {
	ParseFrom string `yaml:"parse_from"`
}

// quietly passes a line on as it is, without a message: not every line has what an operator looks for.
const quietly = "send_quiet"

// operators returns what happens to a line, in this order.
func operators() []operator {
	return slices.Concat(joined(redactionStart), redacted(fieldsStart), fields())
}
