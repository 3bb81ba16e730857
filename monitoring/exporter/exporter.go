// Package exporter builds the programs that turn what others know into metrics: kube-state-metrics for the objects of
// the API server, node-exporter for the nodes.
package exporter

import (
	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/internal/kube"
	"github.com/dreamseed/platform/services/catalogue"
)

// unprivilegedUser is a user and group that exist in no image and own nothing on any node.
const unprivilegedUser = 10001

// priority lets an exporter start where nothing else fits any more: what is short of room is what has to be looked at.
// An exporter is small enough to displace nobody for long.
const priority = catalogue.Critical

// amounts are the amounts of CPU and memory that a container requests and may use, as Kubernetes quantities.
type amounts struct{ cpu, cpuLimit, memory, memoryLimit string }

// requirements adds the disk for the logs that the kubelet keeps of a container, by default five files of 10 MiB
// (https://kubernetes.io/docs/concepts/cluster-administration/logging/#log-rotation).
func (a amounts) requirements() *corev1.ResourceRequirementsArgs {
	return &corev1.ResourceRequirementsArgs{
		Requests: pulumi.ToStringMap(map[string]string{
			"cpu": a.cpu, "memory": a.memory, "ephemeral-storage": "64Mi",
		}),
		Limits: pulumi.ToStringMap(map[string]string{
			"cpu": a.cpuLimit, "memory": a.memoryLimit, "ephemeral-storage": "128Mi",
		}),
	}
}

// answering probes a path of a named port.
func answering(path, port string) *corev1.ProbeArgs {
	return &corev1.ProbeArgs{
		HttpGet:       &corev1.HTTPGetActionArgs{Path: pulumi.String(path), Port: pulumi.String(port)},
		PeriodSeconds: pulumi.Int(10), TimeoutSeconds: pulumi.Int(5),
	}
}

// newAccount registers the service account of an exporter. Only pods that ask for its token get it.
func newAccount(
	ctx *pulumi.Context, name string, of workload, opts ...pulumi.ResourceOption,
) (*corev1.ServiceAccount, error) {
	return corev1.NewServiceAccount(ctx, name, &corev1.ServiceAccountArgs{
		Metadata:                     kube.Metadata(of.namespace, of.name, of.labels()),
		AutomountServiceAccountToken: pulumi.Bool(false),
	}, opts...)
}
