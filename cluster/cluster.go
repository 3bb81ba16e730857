// Package cluster is the contract between the clouds and the platform: a Spec goes in, a Builder builds, and what
// comes out is a Cluster on which nothing is shaped by its cloud. No cloud SDK is imported here.
package cluster

import (
	"context"

	"github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// Cluster is what the platform needs to know of a cluster in order to put workloads on it.
type Cluster struct {
	// Name is the cluster's identity for people: the name that the cloud's own tools know it by.
	Name string
	// Provider reaches this cluster and no other: kubeconfig and context are explicit, the identity is pinned.
	Provider *kubernetes.Provider
	// Spot says how workloads are scheduled onto interruptible nodes.
	Spot Spot
	// StorageClass is the class for volumes that hold data: encrypted, in the zone of their pod, kept when their claim
	// is deleted. Empty where the cluster's own default class has to do.
	StorageClass string
	// Registry is where images without a registry host are pulled from, without a slash at its end. The nodes may pull
	// there, and nobody but they. Empty where images must name their registry themselves.
	Registry string
	// Ingress is how users reach the cluster.
	Ingress Ingress
	// Ready is what must exist before the first pod can run: nodes, the cluster's own add-ons, the right to pull.
	Ready []pulumi.Resource
	// IdentityEndpoints are where a pod trades its service account for a credential of the cloud. Whoever closes the
	// network opens them to the pods that have an identity, and to no others. None where the cloud is not known.
	IdentityEndpoints []Endpoint
	// NewIdentity gives a service account an identity in the cloud.
	NewIdentity IdentityBuilder
	// NewSecretReader gives a service account an identity that reads secrets where their values are kept: in the cloud's
	// secret manager, or, without a cloud, in a namespace of the cluster.
	NewSecretReader SecretReaderBuilder
	// Look sees what is in the cluster already. Nil where the cluster may be built by this very run.
	Look Look
}

// Look reads what the API server has at a path, while the program runs: an object or a list, into what JSON is read
// into. What is not there, or not shown to whoever runs the program, leaves it as it is.
type Look func(ctx context.Context, path string, into any) error

// Ingress is how users reach the cluster from the internet.
type Ingress struct {
	// Host is the DNS name that leads to Addresses. Empty where there is none.
	Host string
	// Addresses are reserved for the ingress controller: one, or one per zone. They outlive the controller.
	Addresses pulumi.StringArrayOutput
	// ServiceAnnotations make a Service of type LoadBalancer take the Addresses.
	ServiceAnnotations pulumi.StringMap
}

// Endpoint is addresses outside the pods' network, and the TCP ports that answer there.
type Endpoint struct {
	CIDR string
	TCP  []int
}

// Builder builds or finds the cluster that a valid Spec describes. Before it registers its first resource it checks
// what only it can check, and returns every mistake at once.
type Builder func(ctx *pulumi.Context, name string, spec *Spec, opts ...pulumi.ResourceOption) (*Cluster, error)

// Builders are the clouds that a program was compiled with. Leaving one out leaves its SDK out of the binary.
type Builders map[Cloud]Builder
