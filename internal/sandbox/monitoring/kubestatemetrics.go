package monitoring

import "github.com/dreamseed/platform/internal/sandbox/components"

// kubeStateMetrics has flags for its kubeconfig and its addresses: its source stays as it is.
var kubeStateMetrics = []components.Component{{
	Name: "kube-state-metrics", Package: ".",
	Source: components.Source{Module: "k8s.io/kube-state-metrics/v2"},
}}
