package scrape

// limits bound what a job may cost. A label with unbounded values, such as a path or a user, multiplies the series of a
// target until the memory of Prometheus is full; with a limit that target alone is lost, and its up is 0
// (https://github.com/prometheus/prometheus/blob/v3.16.0/docs/configuration/configuration.md#scrape_config).
type limits struct {
	// Samples is the highest number of samples of one target. Above it the target is down.
	Samples int `yaml:"sample_limit"`
	// Targets is the highest number of targets. Above it all targets of the job are down.
	Targets int `yaml:"target_limit"`
	// Body is the largest uncompressed answer. A target is read as a whole before its samples are counted.
	Body string `yaml:"body_size_limit"`
	// Labels is the highest number of labels of a sample.
	Labels int `yaml:"label_limit"`
	// LabelValue is the longest value of a label, in bytes.
	LabelValue int `yaml:"label_value_length_limit"`
}

const (
	// maxLabels is above the widest metric: node_dmi_info of node-exporter has about twenty labels.
	maxLabels = 40
	// maxLabelValue is above an image with registry, repository and digest, the longest value of kube-state-metrics.
	maxLabelValue = 512
	// maxNodes is far above the pools of any environment. Prometheus would need more memory before.
	maxNodes = 500
)

// atMost returns the limits of a job. Those of labels are the same for all.
func atMost(samples, targets int, body string) limits {
	return limits{Samples: samples, Targets: targets, Body: body, Labels: maxLabels, LabelValue: maxLabelValue}
}

var (
	// A service has the contract's histogram and counter, some hundred samples, and those of its language's runtime.
	servicesLimits = atMost(2_000, 1_000, "2MB")
	// Some sixty samples by pod, and twenty by other object, from few processes, of which each is there twice during its
	// update.
	kubeStateMetricsLimits = atMost(50_000, 10, "32MB")
	// About a thousand samples, and more on machines with many processors, disks and interfaces.
	nodeExporterLimits = atMost(10_000, maxNodes, "8MB")
	// Eight samples by container and pod, on a node of up to 250 pods.
	kubeletLimits = atMost(10_000, maxNodes, "8MB")
	// Six samples by mounted volume are kept, of an answer with all metrics of the kubelet.
	kubeletVolumesLimits = atMost(1_000, maxNodes, "32MB")
	// Controllers have histograms by queue, kind and API call, Traefik by backend and status.
	operatorLimits = atMost(20_000, 20, "16MB")
	// A collector has some hundred samples, and VictoriaLogs about a thousand.
	logsLimits = atMost(5_000, maxNodes, "4MB")
	// A server of PostgreSQL has about a thousand samples, most of them settings and figures of each database. The others
	// have some for each topic, group of consumers or bucket.
	storesLimits = atMost(20_000, 20, "8MB")
	// Prometheus, Alertmanager and Grafana have up to some thousand samples, and the namespace room for 40 pods.
	monitoringLimits = atMost(10_000, 40, "8MB")
)
