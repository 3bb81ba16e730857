package cluster_test

import (
	"fmt"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"

	"github.com/dreamseed/platform/cluster"
	"github.com/dreamseed/platform/internal/mocktest"
)

// Prometheus reads its configuration again where it is; a ConfigMap that goes away in between would keep a pod from
// starting.
func TestAConfigMapIsChangedWhereItIs(t *testing.T) {
	recording := mocktest.Run(t, func(ctx *pulumi.Context) error {
		_, err := cluster.NewProvider(ctx, "cluster", &cluster.ProviderArgs{
			Identity: "dreamseed", Kubeconfig: pulumi.String("kubeconfig"), Context: "dreamseed",
		})
		return err
	})
	provider := recording.Get(t, "pulumi:providers:kubernetes", "cluster")
	assert.Equal(t, true, provider.At("enableConfigMapMutable"))
}

// The identity of previews may read no Secret.
func TestHelmKeepsItsRecordWhereAPreviewMayReadIt(t *testing.T) {
	recording := mocktest.Run(t, func(ctx *pulumi.Context) error {
		_, err := cluster.NewProvider(ctx, "cluster", &cluster.ProviderArgs{
			Identity: "dreamseed", Kubeconfig: pulumi.String("kubeconfig"), Context: "dreamseed",
		})
		return err
	})
	provider := recording.Get(t, "pulumi:providers:kubernetes", "cluster")
	settings := fmt.Sprint(provider.At("helmReleaseSettings"))
	assert.Contains(t, settings, "configmap")
}
