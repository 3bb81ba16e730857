package scrape

// scrapeConfig is a scrape job.
type scrapeConfig struct {
	JobName string `yaml:"job_name"`
	// ScrapeInterval differs from the global one if it is set.
	ScrapeInterval string `yaml:"scrape_interval,omitempty"`
	// HonorLabels lets the labels of the metrics win over those of the target.
	HonorLabels bool `yaml:"honor_labels,omitempty"`
	// TrackTimestampsStaleness ends a series that comes with timestamps when its target no longer serves it.
	TrackTimestampsStaleness bool `yaml:"track_timestamps_staleness,omitempty"`
	// FallbackScrapeProtocol is the format of an answer without a proper Content-Type, which is refused otherwise.
	FallbackScrapeProtocol string         `yaml:"fallback_scrape_protocol,omitempty"`
	MetricsPath            string         `yaml:"metrics_path,omitempty"`
	Scheme                 string         `yaml:"scheme,omitempty"`
	Authorization          *authorization `yaml:"authorization,omitempty"`
	TLSConfig              *tlsConfig     `yaml:"tls_config,omitempty"`
	Limits                 limits         `yaml:",inline"`
	KubernetesSDConfigs    []discovery    `yaml:"kubernetes_sd_configs"`
	RelabelConfigs         []relabelling  `yaml:"relabel_configs"`
	MetricRelabelConfigs   []relabelling  `yaml:"metric_relabel_configs,omitempty"`
}

type tlsConfig struct {
	CAFile string `yaml:"ca_file"`
}

// discovery finds targets in the cluster. Jobs with the same discovery share its watch.
type discovery struct {
	Role       string      `yaml:"role"`
	Namespaces *namespaces `yaml:"namespaces,omitempty"`
}

// namespaces limits a discovery to namespaces, so that a Role in each of them suffices.
type namespaces struct {
	Names []string `yaml:"names"`
}

func podsIn(namespace string) []discovery {
	return []discovery{{Role: "pod", Namespaces: &namespaces{Names: []string{namespace}}}}
}

func nodes() []discovery { return []discovery{{Role: "node"}} }

// jobs returns the scrape jobs.
func (args Args) jobs() []scrapeConfig {
	all := []scrapeConfig{args.services()}
	for _, pods := range args.podJobs() {
		all = append(all, pods.scrapeConfig())
	}
	return append(all, kubelet(), kubeletVolumes())
}
