// Package kube holds the parts of Kubernetes objects that every package of the platform writes the same way: labels,
// metadata, security contexts, custom resources, and the conditions that the engine waits for.
package kube

import (
	"maps"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// PartOf is the value of PartOfLabel on every object of the platform.
const PartOf = "dreamseed"

// The recommended labels of https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels.
const (
	// NameLabel names the workload that an object belongs to. Workloads select their pods by it, and a selector cannot be
	// changed later.
	NameLabel = "app.kubernetes.io/name"
	// InstanceLabel tells the workloads of one name apart, where there are several.
	InstanceLabel = "app.kubernetes.io/instance"
	// ComponentLabel names the role of an object within its workload. Network policies select by it.
	ComponentLabel = "app.kubernetes.io/component"
	// PartOfLabel marks the objects of the platform. Lists select by it, no policy does: other objects may carry it, too.
	PartOfLabel = "app.kubernetes.io/part-of"
	// ManagedByLabel names the tool that writes an object.
	ManagedByLabel = "app.kubernetes.io/managed-by"
	// ManagedBy is the value of ManagedByLabel on every object that this program writes.
	ManagedBy = "pulumi"
)

// Labels returns the labels of an object that belongs to no single workload.
func Labels() pulumi.StringMap {
	return pulumi.StringMap{PartOfLabel: pulumi.String(PartOf), ManagedByLabel: pulumi.String(ManagedBy)}
}

// WorkloadLabels returns the labels of an object of one workload.
func WorkloadLabels(workload string) pulumi.StringMap {
	return With(Labels(), pulumi.StringMap{NameLabel: pulumi.String(workload)})
}

// With returns the labels or annotations with more of them, and changes neither of the maps.
func With(labels, more pulumi.StringMap) pulumi.StringMap {
	all := maps.Clone(labels)
	if all == nil {
		all = pulumi.StringMap{}
	}
	maps.Copy(all, more)
	return all
}
