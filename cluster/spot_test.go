package cluster_test

import (
	"testing"

	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"

	"github.com/dreamseed/platform/cluster"
)

// A pod that tolerates a taint with an empty key tolerates every taint.
func TestEveryCloudMarksItsSpotNodes(t *testing.T) {
	for _, cloud := range cluster.Clouds() {
		assert.NotEmpty(t, cloud.Spot().Key, cloud)
		assert.NotEmpty(t, cloud.Spot().Value, cloud)
		assert.Positive(t, cloud.Spot().GracePeriodSeconds, cloud)
	}
}

// AKS chooses the taint of its spot nodes itself (https://learn.microsoft.com/azure/aks/spot-node-pool).
func TestATolerationFitsTheTaintAndNoOther(t *testing.T) {
	want := map[cluster.Cloud][2]string{
		cluster.GKE:      {"dreamseed.ai/spot", "true"},
		cluster.EKS:      {"dreamseed.ai/spot", "true"},
		cluster.AKS:      {"kubernetes.azure.com/scalesetpriority", "spot"},
		cluster.Existing: {"dreamseed.ai/spot", "true"},
	}
	for _, cloud := range cluster.Clouds() {
		assert.Equal(t, &corev1.TolerationArgs{
			Key: pulumi.String(want[cloud][0]), Operator: pulumi.String("Equal"), Value: pulumi.String(want[cloud][1]),
			Effect: pulumi.String("NoSchedule"),
		}, cloud.Spot().Toleration(), cloud)
	}
}
