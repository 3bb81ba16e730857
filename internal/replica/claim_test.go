package replica_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"k8s.io/apimachinery/pkg/api/resource"
)

func TestAClaimRequestsItsSizeForOnePod(t *testing.T) {
	for _, claim := range built(t, store(), 2).Each(t, claimType) {
		assert.Equal(t, map[string]any{
			"accessModes": []any{"ReadWriteOnce"},
			"resources":   map[string]any{"requests": map[string]any{"storage": "10Gi"}},
		}, claim.At("spec"), "and leaves the class to the cluster")
	}
}

func TestAClaimMayNameItsClass(t *testing.T) {
	encrypted := store()
	encrypted.Volume.Class = "encrypted"
	for _, claim := range built(t, encrypted, 1).Each(t, claimType) {
		assert.Equal(t, "encrypted", claim.At("spec", "storageClassName"))
	}
}

func TestALargerClaimIsTheSameClaim(t *testing.T) {
	larger := store()
	larger.Volume.Size = resource.MustParse("20Gi")
	claim := built(t, larger, 1).Get(t, claimType, "store-a-claim")
	before := built(t, store(), 1).Get(t, claimType, "store-a-claim")
	assert.Equal(t, "20Gi", claim.At("spec", "resources", "requests", "storage"))
	assert.Equal(t, before.At("metadata"), claim.At("metadata"))
	assert.Empty(t, claim.ReplaceOnChanges)
}

func TestClaimsAreProtectedWhereTheEnvironmentIs(t *testing.T) {
	for _, protected := range []bool{true, false} {
		program := store()
		program.Volume.Protect = protected
		recording := built(t, program, 2)
		for _, claim := range recording.Each(t, claimType) {
			assert.Equal(t, protected, claim.Protect, claim.Name)
		}
		for _, deployment := range recording.Each(t, deploymentType) {
			assert.False(t, deployment.Protect, "it holds no data")
		}
	}
}

// The provider's own wait never ends for a claim that grows.
func TestAClaimIsCompleteInEveryPhase(t *testing.T) {
	for _, claim := range built(t, store(), 2).Each(t, claimType) {
		assert.Equal(t, []string{"jsonpath={.status.phase}"}, awaited(t, claim))
		assert.NotContains(t, fmt.Sprint(claim.Inputs), "pulumi.com/skipAwait")
	}
}
