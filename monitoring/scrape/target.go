package scrape

import "github.com/dreamseed/platform/internal/namespace"

// Target is a port of pods that Prometheus scrapes. Network policies have to allow it on both sides.
type Target struct {
	// Job is the name of the scrape job.
	Job string
	// Namespace is the namespace of the pods.
	Namespace string
	// Pods selects the pods in the namespace. Empty means every pod that has the port or the annotations.
	Pods namespace.Pods
	// Port is the container port. A pod has to declare it.
	Port int
}

// Targets returns every port of pods that Prometheus scrapes. The kubelets, which it scrapes as well, are no pods: they
// listen on their nodes' addresses.
func Targets(args Args) []Target {
	targets := []Target{args.servicesTarget()}
	for _, pods := range args.podJobs() {
		targets = append(targets, pods.Target)
	}
	return targets
}
