package scrape

import (
	"slices"

	"github.com/dreamseed/platform/monitoring/contract"
	"github.com/dreamseed/platform/services/catalogue"
)

// rolloutsHash is the pod label by which Argo Rollouts tells two versions apart
// (https://github.com/argoproj/argo-rollouts/blob/v1.10.1/pkg/apis/rollouts/v1alpha1/types.go).
const rolloutsHash = "rollouts-pod-template-hash"

// services scrapes the pods of the services that ask for it by their annotations.
func (args Args) services() scrapeConfig {
	return scrapeConfig{
		JobName:        contract.JobServices,
		ScrapeInterval: servicesInterval,
		// Some frameworks answer without a Content-Type (https://github.com/prometheus/prometheus/issues/15485).
		FallbackScrapeProtocol: "PrometheusText0.0.4",
		Limits:                 servicesLimits,
		KubernetesSDConfigs:    podsIn(args.ServicesNamespace),
		RelabelConfigs: slices.Concat(
			[]relabelling{keep(podAnnotation(contract.ScrapeAnnotation), "true"), dropUnserving()},
			annotatedAddress(),
			podLabels(),
			[]relabelling{label(contract.LabelVersion, podLabel(rolloutsHash))},
		),
		MetricRelabelConfigs: withoutOwnLabels(),
	}
}

// annotatedAddress takes port and path from the annotations. The discovery finds a pod once for each of its container
// ports; then all of them have the same address and are one target.
func annotatedAddress() []relabelling {
	return []relabelling{
		{
			SourceLabels: []string{metaPodIP, podAnnotation(contract.PortAnnotation)},
			Separator:    ":", Regex: `(.+:\d+)`, TargetLabel: labelAddress,
		},
		labelIfSet(labelMetricsPath, podAnnotation(contract.PathAnnotation)),
	}
}

// withoutOwnLabels removes from the contract's metrics what a service says of itself in a label that scraping adds as
// well, and that Prometheus keeps as exported_<label>: a second name for the same thing. On any other metric such a
// label may tell two series apart, so it stays.
func withoutOwnLabels() []relabelling {
	metrics := contract.RequestsTotal + "|" + contract.RequestDuration + "_.*"
	var removed []relabelling
	for _, label := range []string{
		contract.LabelNamespace, contract.LabelPod, contract.LabelNode, contract.LabelService,
	} {
		removed = append(removed, unlabel(metrics, "exported_"+label))
	}
	return removed
}

// servicesTarget is the port of the services' pods. Every service listens on it, and the annotation names it.
func (args Args) servicesTarget() Target {
	return Target{Job: contract.JobServices, Namespace: args.ServicesNamespace, Port: catalogue.Port}
}
