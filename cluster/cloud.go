package cluster

import "slices"

// Cloud says who runs the cluster. It selects the Builder; after the builder ran nothing asks for it again.
type Cloud string

const (
	// GKE is Google Kubernetes Engine.
	GKE Cloud = "gke"
	// EKS is Amazon Elastic Kubernetes Service.
	EKS Cloud = "eks"
	// AKS is Azure Kubernetes Service.
	AKS Cloud = "aks"
	// Existing is a cluster that somebody else built: the platform is put on it, and it is never changed itself.
	Existing Cloud = "existing"
)

// Clouds lists the allowed values in the order in which messages name them.
func Clouds() []Cloud { return []Cloud{GKE, EKS, AKS, Existing} }

// Managed says whether the platform builds the cluster itself.
func (c Cloud) Managed() bool { return c != Existing }

func (c Cloud) known() bool { return slices.Contains(Clouds(), c) }
