package scrape

import (
	"maps"
	"slices"
	"strconv"

	"github.com/dreamseed/platform/internal/kube"
	"github.com/dreamseed/platform/internal/namespace"
	"github.com/dreamseed/platform/monitoring/contract"
)

// podJob is a job that scrapes one container port of pods.
type podJob struct {
	Target
	limits limits
	// labels are those of the targets.
	labels []relabelling
	// honorLabels reports whether the metrics describe other objects than the pod that serves them. Otherwise Prometheus
	// would name these objects exported_namespace and exported_pod, and give them the pod's names.
	honorLabels bool
}

// Ports of the programs' metrics, which are their defaults.
const (
	kubeStateMetricsPort = 8080
	nodeExporterPort     = 9100
	prometheusPort       = 9090
	alertmanagerPort     = 9093
	grafanaPort          = 3000
)

// podJobs returns the jobs that scrape one container port of pods.
func (args Args) podJobs() []podJob {
	all := []podJob{
		{
			Target: args.monitoring(contract.JobKubeStateMetrics, kubeStateMetricsPort),
			limits: kubeStateMetricsLimits,
			// It has no labels of its pod: they would be added to every metric that lacks them, and start a new series of each
			// with each new pod.
			honorLabels: true,
		},
		{
			Target: Target{
				Job: contract.JobNodeExporter, Namespace: args.NodeAgentsNamespace,
				Pods: namespace.Named(contract.JobNodeExporter), Port: nodeExporterPort,
			},
			limits: nodeExporterLimits,
			labels: nodeLabels(metaPodNode),
		},
	}
	for _, one := range args.Operators {
		all = append(all, one.job())
	}
	for _, one := range args.Logs {
		all = append(all, podJob{Target: one, limits: logsLimits, labels: podLabels()})
	}
	for _, one := range args.Stores {
		all = append(all, podJob{Target: one, limits: storesLimits, labels: podLabels()})
	}
	for _, one := range []struct {
		name string
		port int
	}{
		{contract.JobPrometheus, prometheusPort},
		{contract.JobAlertmanager, alertmanagerPort},
		{contract.JobGrafana, grafanaPort},
	} {
		all = append(all, podJob{
			Target: args.monitoring(one.name, one.port), limits: monitoringLimits, labels: podLabels(),
		})
	}
	return all
}

// job scrapes every pod of the operator's namespace that has the port. Its metrics describe objects of other
// namespaces.
func (o Operator) job() podJob {
	return podJob{
		Target: Target{Job: o.Name, Namespace: o.Namespace, Port: o.Port},
		limits: operatorLimits, labels: podLabels(), honorLabels: true,
	}
}

// monitoring returns the port of a workload in the monitoring namespace that has the name of its job.
func (args Args) monitoring(name string, port int) Target {
	return Target{Job: name, Namespace: args.MonitoringNamespace, Pods: namespace.Named(name), Port: port}
}

func (j podJob) scrapeConfig() scrapeConfig {
	return scrapeConfig{
		JobName:             j.Job,
		HonorLabels:         j.honorLabels,
		Limits:              j.limits,
		KubernetesSDConfigs: podsIn(j.Namespace),
		RelabelConfigs:      slices.Concat(j.selected(), j.labels),
	}
}

// selected keeps the port of the target's pods: the discovery finds every container port of every pod.
func (j podJob) selected() []relabelling {
	steps := []relabelling{dropUnserving(), keep(metaPodPort, strconv.Itoa(j.Port))}
	if len(j.Pods.Names) > 0 {
		steps = append(steps, keep(podLabel(kube.NameLabel), j.Pods.Names...))
	}
	for _, name := range slices.Sorted(maps.Keys(j.Pods.Labels)) {
		steps = append(steps, keep(podLabel(name), j.Pods.Labels[name]))
	}
	return steps
}

// dropUnserving drops pods that do not serve yet or no longer. A finished pod keeps its address, which another pod may
// have by now: a migration would be a target for ever, and be scraped in another's name
// (https://github.com/prometheus/prometheus/issues/4823).
func dropUnserving() relabelling { return drop(metaPodPhase, "Succeeded", "Failed", "Pending") }

// podLabels are the labels of the contract for every pod.
func podLabels() []relabelling {
	return []relabelling{
		label(contract.LabelNamespace, metaNamespace),
		label(contract.LabelPod, metaPod),
		label(contract.LabelNode, metaPodNode),
		label(contract.LabelService, podLabel(kube.NameLabel)),
	}
}

// nodeLabels name a target after its node: what it serves is the node's, whichever pod serves it.
func nodeLabels(name string) []relabelling {
	return []relabelling{label(contract.LabelNode, name), label(labelInstance, name)}
}
