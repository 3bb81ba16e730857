// Command platform is the Pulumi program of DreamSeed, with every cloud compiled in.
package main

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/cluster"
	"github.com/dreamseed/platform/cluster/aks"
	"github.com/dreamseed/platform/cluster/eks"
	"github.com/dreamseed/platform/cluster/existing"
	"github.com/dreamseed/platform/cluster/gke"
	"github.com/dreamseed/platform/internal/platform"
)

func main() {
	pulumi.Run(platform.Program(cluster.Builders{
		cluster.GKE:      gke.New,
		cluster.EKS:      eks.New,
		cluster.AKS:      aks.New,
		cluster.Existing: existing.New,
	}))
}
