package pipeline

import "strings"

// victoriaLogsExporter sends by OTLP (https://docs.victoriametrics.com/victorialogs/data-ingestion/opentelemetry).
type victoriaLogsExporter struct {
	LogsEndpoint   string            `yaml:"logs_endpoint"`
	Compression    string            `yaml:"compression"`
	Headers        map[string]string `yaml:"headers"`
	Timeout        string            `yaml:"timeout"`
	SendingQueue   sendingQueue      `yaml:"sending_queue"`
	RetryOnFailure retry             `yaml:"retry_on_failure"`
}

// elasticExporter adds documents to data streams
// (https://github.com/open-telemetry/opentelemetry-collector-contrib/tree/v0.165.0/exporter/elasticsearchexporter).
type elasticExporter struct {
	Endpoint     string       `yaml:"endpoint"`
	User         string       `yaml:"user"`
	Password     string       `yaml:"password"`
	TLS          tls          `yaml:"tls"`
	Compression  string       `yaml:"compression"`
	Timeout      string       `yaml:"timeout"`
	Mapping      mapping      `yaml:"mapping"`
	Retry        elasticRetry `yaml:"retry"`
	SendingQueue sendingQueue `yaml:"sending_queue"`
}

type tls struct {
	CAFile string `yaml:"ca_file"`
}

type mapping struct {
	Mode string `yaml:"mode"`
}

type elasticRetry struct {
	Enabled         bool   `yaml:"enabled"`
	MaxRetries      int    `yaml:"max_retries"`
	InitialInterval string `yaml:"initial_interval"`
	MaxInterval     string `yaml:"max_interval"`
	RetryOnStatus   []int  `yaml:"retry_on_status"`
}

// sendingQueue is what the store has not taken yet
// (https://github.com/open-telemetry/opentelemetry-collector/tree/v0.165.0/exporter/exporterhelper).
type sendingQueue struct {
	Storage         string `yaml:"storage"`
	Sizer           string `yaml:"sizer"`
	QueueSize       int64  `yaml:"queue_size"`
	BlockOnOverflow bool   `yaml:"block_on_overflow"`
	NumConsumers    int    `yaml:"num_consumers"`
	Batch           batch  `yaml:"batch"`
}

type batch struct {
	FlushTimeout string `yaml:"flush_timeout"`
	MinSize      int64  `yaml:"min_size"`
	MaxSize      int64  `yaml:"max_size"`
}

type retry struct {
	Enabled         bool   `yaml:"enabled"`
	InitialInterval string `yaml:"initial_interval"`
	MaxInterval     string `yaml:"max_interval"`
	MaxElapsedTime  string `yaml:"max_elapsed_time"`
}

// withoutEnd tries again until it succeeds, every few seconds: a store that is back is not kept waiting.
var withoutEnd = retry{Enabled: true, InitialInterval: "500ms", MaxInterval: "5s", MaxElapsedTime: "0s"}

// queue is on the disk, so that a restart loses nothing of it. When it is full it refuses, which its metric
// otelcol_exporter_enqueue_failed_log_records_total counts, and the receiver offers the same lines again: what is not
// read yet stays in the files of the node as long as the kubelet keeps them.
func (args Args) queue() sendingQueue {
	return sendingQueue{
		Storage: state, Sizer: "bytes", QueueSize: args.BufferBytes, NumConsumers: 2,
		Batch: batch{FlushTimeout: "1s", MinSize: mebibyte, MaxSize: 4 * mebibyte},
	}
}

// streamFields tell the streams of VictoriaLogs apart. Their values are few and stay the same for the life of a pod
// (https://docs.victoriametrics.com/victorialogs/keyconcepts/#stream-fields).
var streamFields = []string{serviceName, namespaceName, podName, containerName}

func (s Store) name() string {
	if s.VictoriaLogs != nil {
		return victoriaLogs
	}
	return elastic
}

func (args Args) exporters() map[string]any {
	if to := args.Store.VictoriaLogs; to != nil {
		return map[string]any{victoriaLogs: victoriaLogsExporter{
			LogsEndpoint:   to.URL + "/insert/opentelemetry/v1/logs",
			Compression:    "gzip",
			Headers:        map[string]string{"VL-Stream-Fields": strings.Join(streamFields, ",")},
			Timeout:        "30s",
			SendingQueue:   args.queue(),
			RetryOnFailure: withoutEnd,
		}}
	}
	to := args.Store.Elastic
	return map[string]any{elastic: elasticExporter{
		Endpoint: to.URL, User: to.Username, Password: fromEnvironment(to.PasswordVariable),
		TLS: tls{CAFile: to.CAFile}, Compression: "gzip", Timeout: "90s",
		// Elasticsearch has the templates of its data streams for OpenTelemetry built in.
		Mapping: mapping{Mode: "otel"},
		Retry: elasticRetry{
			Enabled: true, MaxRetries: practicallyEndless, InitialInterval: "500ms", MaxInterval: "30s",
			RetryOnStatus: []int{429, 500, 502, 503, 504},
		},
		SendingQueue: args.queue(),
	}}
}

// practicallyEndless retries take a year at the longest interval. The exporter has no number for "without end".
const practicallyEndless = 1_000_000
