// Package replica runs programs that keep data on a volume: one Deployment with one pod and one claim for each replica,
// and what all replicas share.
//
// docs/decisions/prometheus-is-a-deployment.md states why it is no StatefulSet.
package replica

import (
	"fmt"

	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/dreamseed/platform/internal/kube"
	"github.com/dreamseed/platform/services/catalogue"
)

// Program is what the replicas of a program have in common.
type Program struct {
	// Name names the container, the ServiceAccount and the Service over all replicas; with a letter, such as prometheus-a,
	// it names what each replica has of its own. Another name starts with empty volumes.
	Name string
	// Namespace is the namespace of everything.
	Namespace string
	// Image has an exact version. A change restarts the replicas, one after the other.
	Image string
	// Ports are the open ports of the container and of the Services.
	Ports []Port
	// Health tells whether a replica works.
	Health Health
	// Requests are a replica's requests.
	Requests catalogue.Amounts
	// Limits are its limits. The default is twice the memory and eight times the CPU: a start that replays a log needs
	// more of both than any hour after it.
	Limits catalogue.Amounts
	// Volume holds the data of a replica.
	Volume Volume
	// Scratch is the path of a directory that is empty at each start of the pod. Empty for none.
	Scratch string
	// Beside are further containers of the pod.
	Beside corev1.ContainerArray
	// GraceSeconds is how long a stopping replica may take to write and send what it still holds.
	GraceSeconds int
	// Token mounts the token of the ServiceAccount, for a program that asks the API server.
	Token bool
	// After lists the resources that must exist first, such as the namespace and the mounted Secrets.
	After []pulumi.Resource
}

// HTTP is the name of the port at which the paths of Health are requested.
const HTTP = "http"

// Port is a port of the container and of the Services.
type Port struct {
	Name   string
	Number int
	// Protocol is TCP or UDP.
	Protocol string
}

// Volume describes the claims.
type Volume struct {
	// Size is what a claim requests. A larger size grows the volumes in place, where their class allows it; the API server
	// refuses a smaller one.
	Size resource.Quantity
	// Class is the storage class. Empty means the cluster's default. It is fixed when a claim is created: another class
	// needs another claim.
	Class string
	// Protect refuses every change that would delete or replace a claim.
	Protect bool
	// Retain leaves a claim in the cluster when it goes from the program.
	Retain bool
	// Path is where the container finds the volume.
	Path string
}

// Host returns the name under which every pod of the cluster reaches a Service of the program.
func (p *Program) Host(service string) string {
	return fmt.Sprintf("%s.%s.svc.cluster.local", service, p.Namespace)
}

// labels returns the labels of what the replicas share.
func (p *Program) labels() pulumi.StringMap { return kube.WorkloadLabels(p.Name) }

// selector selects the pods of all replicas.
func (p *Program) selector() pulumi.StringMap {
	return pulumi.StringMap{kube.NameLabel: pulumi.String(p.Name)}
}
