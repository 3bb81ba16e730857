// Package cluster is the contract between the clouds and the platform: a Builder turns a Spec into a Cluster, and
// nothing about a Cluster is specific to its cloud. No cloud SDK is imported here.
package cluster

import (
	"context"

	"github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// Cluster holds everything that the platform needs to run workloads on a cluster.
type Cluster struct {
	// Name is the cluster's human-readable identity: its name in the cloud's own tools.
	Name string
	// Provider reaches this cluster and no other: kubeconfig and context are explicit, the identity is pinned.
	Provider *kubernetes.Provider
	// Spot describes how workloads are scheduled onto interruptible nodes.
	Spot Spot
	// StorageClass is the class for volumes that hold data: encrypted, reachable from the zone of their pod, retained when
	// their claim is deleted. Empty where the cluster's default class has to do.
	StorageClass string
	// Registry is the registry for images that name no registry host, without a trailing slash. Only the nodes may pull
	// from it. Empty where images must name their registry themselves.
	Registry string
	// PublicAddress describes how users reach the cluster.
	PublicAddress PublicAddress
	// Ready lists what must exist before the first pod can run: nodes, the cluster's own add-ons, the right to pull.
	Ready []pulumi.Resource
	// Previewer is whom the API server takes the preview identity for. Nil where there is none.
	Previewer *Subject
	// IdentityEndpoints are the endpoints at which a pod exchanges its service account token for a credential of the
	// cloud. Network policies open them only to the pods that have an identity. None where the cloud is unknown.
	IdentityEndpoints []Endpoint
	// NewIdentity gives a service account an identity in the cloud.
	NewIdentity IdentityBuilder
	// NewSecretReader gives a service account an identity that reads secrets from their store: the cloud's secret manager
	// or, without a cloud, a namespace of the cluster.
	NewSecretReader SecretReaderBuilder
	// NewDatabase makes a PostgreSQL server that the cloud runs. Nil where the cloud cannot, or the configuration has no
	// range of addresses for one.
	NewDatabase DatabaseBuilder
	// NewBucket makes a bucket that the cloud keeps. Nil where the cloud is unknown.
	NewBucket BucketBuilder
	// Look reads objects that are already in the cluster. Nil where this very run may build the cluster.
	Look Look
}

// Look reads an object or a list from a path of the API server while the program runs, and decodes its JSON into the
// given value. It leaves the value unchanged where the path does not exist or the caller may not read it.
type Look func(ctx context.Context, path string, into any) error

// PublicAddress describes how users reach the cluster from the internet.
type PublicAddress struct {
	// Host is the DNS name that resolves to Addresses. Empty where there is none.
	Host string
	// Addresses are reserved for the ingress controller: one, or one per zone. They outlive the controller.
	Addresses pulumi.StringArrayOutput
	// ServiceAnnotations make a Service of type LoadBalancer use the Addresses.
	ServiceAnnotations pulumi.StringMap
}

// Endpoint is a range of addresses outside the pods' network, with its open TCP ports.
type Endpoint struct {
	CIDR string
	TCP  []int
}

// Builder builds or finds the cluster that a valid Spec describes. Before it registers its first resource it makes the
// checks that only it can make, and returns every mistake at once.
type Builder func(ctx *pulumi.Context, name string, spec *Spec, opts ...pulumi.ResourceOption) (*Cluster, error)

// Builders are the clouds that a program is compiled with. Leaving one out leaves its SDK out of the binary.
type Builders map[Cloud]Builder
