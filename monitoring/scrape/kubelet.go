package scrape

import "github.com/dreamseed/platform/monitoring/contract"

// Files in every pod with a token of its service account
// (https://kubernetes.io/docs/tasks/run-application/access-api-from-pod/#directly-accessing-the-rest-api).
const (
	authorityFile = "/var/run/secrets/kubernetes.io/serviceaccount/ca.crt"
	tokenFile     = "/var/run/secrets/kubernetes.io/serviceaccount/token" //nolint:gosec // a path, not a credential
)

// resourcePath is the annotation of a node whose resource metrics are at another path. metrics-server reads it, too
// (https://github.com/kubernetes-sigs/metrics-server/blob/v0.8.0/pkg/scraper/client/resource/client.go).
const resourcePath = "metrics.k8s.io/resource-metrics-path"

// kubelet scrapes the use of processor and memory. /metrics/cadvisor has many times the series: its pressure metrics
// alone can cost a gigabyte of memory (https://github.com/kubernetes/kubernetes/issues/136642).
func kubelet() scrapeConfig {
	job := ofKubelet(contract.JobKubelet, "/metrics/resource", kubeletLimits)
	job.RelabelConfigs = append(job.RelabelConfigs, labelIfSet(labelMetricsPath, nodeAnnotation(resourcePath)))
	// The kubelet adds the time of its own measurement. The series of a pod that is gone would last five minutes more.
	job.TrackTimestampsStaleness = true
	return job
}

// kubeletVolumes scrapes the use of volumes and nothing else of the kubelet's own metrics.
func kubeletVolumes() scrapeConfig {
	job := ofKubelet(contract.JobKubeletVolumes, contract.Path, kubeletVolumesLimits)
	job.MetricRelabelConfigs = []relabelling{keep(labelName, "kubelet_volume_stats_.*")}
	return job
}

// ofKubelet scrapes a path of each node's kubelet, at its own address, with the token of the service account. The
// kubelet asks the API server whether the account may get nodes/metrics
// (https://kubernetes.io/docs/reference/access-authn-authz/kubelet-authn-authz).
func ofKubelet(name, path string, bounds limits) scrapeConfig {
	return scrapeConfig{
		JobName:             name,
		MetricsPath:         path,
		Scheme:              "https",
		Authorization:       &authorization{CredentialsFile: tokenFile},
		TLSConfig:           &tlsConfig{CAFile: authorityFile},
		Limits:              bounds,
		KubernetesSDConfigs: nodes(),
		RelabelConfigs:      nodeLabels(metaNode),
	}
}
