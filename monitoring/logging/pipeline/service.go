package pipeline

import "fmt"

type service struct {
	Extensions []string            `yaml:"extensions"`
	Pipelines  map[string]pipeline `yaml:"pipelines"`
	Telemetry  telemetry           `yaml:"telemetry"`
}

type pipeline struct {
	Receivers  []string `yaml:"receivers"`
	Processors []string `yaml:"processors"`
	Exporters  []string `yaml:"exporters"`
}

type telemetry struct {
	Logs    telemetryLogs    `yaml:"logs"`
	Metrics telemetryMetrics `yaml:"metrics"`
}

type telemetryLogs struct {
	Encoding string `yaml:"encoding"`
}

type telemetryMetrics struct {
	Readers []metricReader `yaml:"readers"`
}

type metricReader struct {
	Pull pull `yaml:"pull"`
}

type pull struct {
	Exporter prometheusExporter `yaml:"exporter"`
}

type prometheusExporter struct {
	Prometheus address `yaml:"prometheus"`
}

type address struct {
	Host string `yaml:"host"`
	Port int    `yaml:"port"`
	// WithoutTypeSuffix leaves _total out of the names of counters, which it does by default.
	WithoutTypeSuffix bool `yaml:"without_type_suffix"`
}

func (args Args) service() service {
	return service{
		Extensions: []string{health, state},
		Pipelines: map[string]pipeline{"logs": {
			Receivers: []string{podLines},
			// Nothing batches here: what a processor holds in memory would be lost with it. The queue of the exporter does.
			Processors: []string{limit, podNames, place},
			Exporters:  []string{args.Store.name()},
		}},
		Telemetry: telemetry{
			Logs: telemetryLogs{Encoding: "json"},
			Metrics: telemetryMetrics{Readers: []metricReader{{Pull: pull{Exporter: prometheusExporter{
				Prometheus: address{Host: fromEnvironment(PodIPVariable), Port: MetricsPort},
			}}}}},
		},
	}
}

type healthCheck struct {
	Endpoint string `yaml:"endpoint"`
}

// fileStorage is the state of the other components
// (https://github.com/open-telemetry/opentelemetry-collector-contrib/tree/v0.165.0/extension/storage/filestorage).
type fileStorage struct {
	Directory       string     `yaml:"directory"`
	CreateDirectory bool       `yaml:"create_directory"`
	Recreate        bool       `yaml:"recreate"`
	Timeout         string     `yaml:"timeout"`
	Compaction      compaction `yaml:"compaction"`
}

type compaction struct {
	OnStart        bool   `yaml:"on_start"`
	OnRebound      bool   `yaml:"on_rebound"`
	CleanupOnStart bool   `yaml:"cleanup_on_start"`
	Directory      string `yaml:"directory"`
}

func (args Args) extensions() map[string]any {
	return map[string]any{
		health: healthCheck{Endpoint: fmt.Sprintf("%s:%d", fromEnvironment(PodIPVariable), HealthPort)},
		state: fileStorage{
			Directory: State, CreateDirectory: true,
			// A file that the crash of a node has damaged is put aside: without that, no collector would start there again.
			Recreate: true,
			// The predecessor may still be writing down where it stopped.
			Timeout: "10s",
			// The disk that the queue took while the store was away is given back.
			Compaction: compaction{OnStart: true, OnRebound: true, CleanupOnStart: true, Directory: State},
		},
	}
}
