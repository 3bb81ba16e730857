// Package cluster is the contract between the clouds and the platform: a Spec goes in, a Builder builds, and what
// comes out is a Cluster on which nothing is shaped by its cloud. No cloud SDK is imported here.
package cluster

import (
	"github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// Cluster is what the platform needs to know of a cluster in order to put workloads on it.
type Cluster struct {
	// Name is the cluster's identity for people. It is an output of the stack.
	Name string
	// Provider reaches this cluster and no other: kubeconfig and context are explicit, the identity is pinned.
	Provider *kubernetes.Provider
	// Spot says how workloads are scheduled onto interruptible nodes.
	Spot Spot
}

// Builder builds or finds the cluster that a valid Spec describes. Before it registers its first resource it checks
// what only it can check, and returns every mistake at once.
type Builder func(ctx *pulumi.Context, name string, spec *Spec, opts ...pulumi.ResourceOption) (*Cluster, error)

// Builders are the clouds that a program was compiled with. Leaving one out leaves its SDK out of the binary.
type Builders map[Cloud]Builder
