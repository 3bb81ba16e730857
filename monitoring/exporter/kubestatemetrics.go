package exporter

import (
	"errors"
	"fmt"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// KubeStateMetricsName is the label app.kubernetes.io/name of the pods of kube-state-metrics.
const KubeStateMetricsName = "kube-state-metrics"

const (
	// KubeStateMetricsPort is the port with the metrics about objects.
	KubeStateMetricsPort = 8080
	// KubeStateMetricsTelemetryPort is the port with the metrics about kube-state-metrics itself. Its
	// kube_state_metrics_list_total{result="error"} and kube_state_metrics_watch_total{result="error"} count what it was
	// not allowed to read: the objects would otherwise only be missing.
	KubeStateMetricsTelemetryPort = 8081
)

// KubeStateMetrics turns the state of Kubernetes objects into metrics.
//
// Two Deployments of one pod each: one reads the namespaced objects and the other the nodes. A single process with more
// than one namespace would return every series of a node once per namespace, and Prometheus would drop them as
// duplicates (https://github.com/kubernetes/kube-state-metrics/issues/2878, not fixed in v2.15.0). Apart from each
// other, neither may read what the other does.
//
// One pod each, because a second one would return every series again: sums would double, and a query that joins two
// metrics would fail. For the same reason an update stops the old pod first. All state is in the API server: a new pod
// knows everything within seconds.
type KubeStateMetrics struct {
	pulumi.ResourceState

	// Objects are the Deployments. Once they are ready, the metrics are served.
	Objects []pulumi.Resource
}

// KubeStateMetricsArgs sets what kube-state-metrics reads.
type KubeStateMetricsArgs struct {
	// Namespace is the namespace of its pods. A change moves them.
	Namespace string
	// Watched are the namespaces whose objects are read, at least one; in each it gets a Role. A change restarts the pod
	// that reads them, and its metrics are missing for some seconds.
	Watched []string
	// After lists the resources that must exist before the first pod: the namespaces with their policies, and the
	// priority classes.
	After []pulumi.Resource
}

// NewKubeStateMetrics registers kube-state-metrics. It returns an error if no namespace is watched: without that
// argument it would try to read all of them.
func NewKubeStateMetrics(
	ctx *pulumi.Context, name string, args *KubeStateMetricsArgs, opts ...pulumi.ResourceOption,
) (*KubeStateMetrics, error) {
	metrics := &KubeStateMetrics{}
	if err := ctx.RegisterComponentResource("dreamseed:monitoring:KubeStateMetrics", name, metrics, opts...); err != nil {
		return nil, fmt.Errorf("registering %s: %w", name, err)
	}
	if err := metrics.build(ctx, name, args); err != nil {
		return nil, fmt.Errorf("building %s: %w", name, err)
	}
	if err := ctx.RegisterResourceOutputs(metrics, pulumi.Map{}); err != nil {
		return nil, fmt.Errorf("registering the outputs of %s: %w", name, err)
	}
	return metrics, nil
}

func (k *KubeStateMetrics) build(ctx *pulumi.Context, name string, args *KubeStateMetricsArgs) error {
	if len(args.Watched) == 0 {
		return errors.New("no namespace is watched")
	}
	child := []pulumi.ResourceOption{pulumi.Parent(k), pulumi.DependsOn(args.After)}
	for _, reader := range args.readers() {
		deployment, err := reader.register(ctx, name+"-"+reader.component, child...)
		if err != nil {
			return fmt.Errorf("building the reader of %s: %w", reader.component, err)
		}
		k.Objects = append(k.Objects, deployment)
	}
	return nil
}

// readers returns the processes. The memory is for a thousand pods and a hundred nodes; at 20 pods, one process for all
// of it used 49 MB.
func (args *KubeStateMetricsArgs) readers() []reader {
	watched := slices.Compact(slices.Sorted(slices.Values(args.Watched)))
	return []reader{
		{
			workload: args.workload(KubeStateMetricsName, "objects"), kinds: namespacedKinds(), watched: watched,
			amounts: amounts{cpu: "50m", cpuLimit: "500m", memory: "128Mi", memoryLimit: "256Mi"},
		},
		{
			workload: args.workload(KubeStateMetricsName+"-nodes", "nodes"), kinds: clusterKinds(),
			amounts: amounts{cpu: "20m", cpuLimit: "200m", memory: "64Mi", memoryLimit: "128Mi"},
		},
	}
}

func (args *KubeStateMetricsArgs) workload(name, component string) workload {
	return workload{namespace: args.Namespace, name: name, program: KubeStateMetricsName, component: component}
}
