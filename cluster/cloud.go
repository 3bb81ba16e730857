package cluster

import "slices"

// Cloud names the provider of the cluster. It selects the Builder; nothing depends on it after the builder ran.
type Cloud string

const (
	// GKE is Google Kubernetes Engine.
	GKE Cloud = "gke"
	// EKS is Amazon Elastic Kubernetes Service.
	EKS Cloud = "eks"
	// AKS is Azure Kubernetes Service.
	AKS Cloud = "aks"
	// Existing is a cluster that somebody else built. The platform runs on it and never changes the cluster itself.
	Existing Cloud = "existing"
)

// Clouds lists the allowed values in the order that messages use.
func Clouds() []Cloud { return []Cloud{GKE, EKS, AKS, Existing} }

// Managed reports whether the platform builds the cluster itself.
func (c Cloud) Managed() bool { return c != Existing }

func (c Cloud) known() bool { return slices.Contains(Clouds(), c) }
