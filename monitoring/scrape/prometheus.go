// Package scrape writes the configuration files of Prometheus v3.16
// (https://github.com/prometheus/prometheus/blob/v3.16.0/docs/configuration/configuration.md) and Alertmanager v0.35
// (https://github.com/prometheus/alertmanager/blob/v0.35.0/docs/configuration.md). No file holds a credential: it names
// the files that do.
package scrape

import (
	"fmt"

	"go.yaml.in/yaml/v3"
)

const (
	// interval is how often targets are scraped and rules evaluated. The shortest window of a rule, five minutes, holds
	// ten samples.
	interval = "30s"
	// servicesInterval is how often the services are scraped: a canary is judged over a minute, and from the second scrape
	// of its first pod on, which has to be within its first step.
	servicesInterval = "15s"
)

// labelReplica is the external label that tells the replicas of one environment apart.
const labelReplica = "replica"

// prometheusFile is the content of prometheus.yml.
type prometheusFile struct {
	Global        global         `yaml:"global"`
	Storage       storage        `yaml:"storage"`
	RuleFiles     []string       `yaml:"rule_files,omitempty"`
	Alerting      alerting       `yaml:"alerting"`
	RemoteWrite   []remoteWrite  `yaml:"remote_write,omitempty"`
	ScrapeConfigs []scrapeConfig `yaml:"scrape_configs"`
}

type global struct {
	ScrapeInterval     string            `yaml:"scrape_interval"`
	EvaluationInterval string            `yaml:"evaluation_interval"`
	ExternalLabels     map[string]string `yaml:"external_labels"`
}

// Prometheus returns the content of prometheus.yml. A Prometheus with --config.auto-reload takes a change over within
// 30 seconds, without a restart. The labels environment and replica are part of each series in a central store: a
// change of them starts new series there.
func Prometheus(args Args) (string, error) {
	if err := args.check(); err != nil {
		return "", fmt.Errorf("checking the arguments of prometheus.yml: %w", err)
	}
	data, err := yaml.Marshal(prometheusFile{
		Global: global{
			ScrapeInterval: interval, EvaluationInterval: interval,
			ExternalLabels: map[string]string{"environment": args.Environment, labelReplica: args.Replica},
		},
		Storage:       args.storage(),
		RuleFiles:     args.RuleFiles,
		Alerting:      args.alerting(),
		RemoteWrite:   args.remoteWrite(),
		ScrapeConfigs: args.jobs(),
	})
	if err != nil {
		return "", fmt.Errorf("writing prometheus.yml: %w", err)
	}
	return string(data), nil
}
