package full

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/internal/enginetest/testbed"
)

// withStorage configures volumes of this size, and the version that serves.
func withStorage(size string) func(testbed.Configuration) {
	return func(c testbed.Configuration) {
		watchedWith("v1")(c)
		c["dreamseed:monitoring"].(map[string]any)["storage"] = size
	}
}

// growsVolumesInPlace asserts that a larger claim is the same claim, that no pod is replaced for it, and that a smaller
// one is refused before anything changes.
func growsVolumesInPlace(t *testing.T) {
	claims, pods := identities(t, "persistentvolumeclaims"), identities(t, "pods")
	require.Len(t, claims, 5, "of two Prometheus, two Alertmanagers and VictoriaLogs")

	watched.Up(t, withStorage("30Gi"))

	assert.Equal(t, claims, identities(t, "persistentvolumeclaims"))
	assert.Equal(t, pods, identities(t, "pods"))
	assert.Equal(t, []string{"1Gi", "1Gi", "30Gi", "30Gi", "5Gi"}, sizes(t))
	assert.Zero(t, watched.Preview(t, testbed.WithLiveObjects).Changes())

	_, _, err := watched.TryUp(t, withStorage("18Gi"))
	require.ErrorContains(t, err, "Forbidden")
	assert.Equal(t, []string{"1Gi", "1Gi", "30Gi", "30Gi", "5Gi"}, sizes(t))
}

// identities returns the objects of a kind in the namespace of the monitoring, by UID.
func identities(t *testing.T, kind string) map[string]string {
	t.Helper()
	found := map[string]string{}
	for _, one := range watched.Each(t, kind, "--namespace=dreamseed-monitoring") {
		found[one.Metadata.UID] = one.Metadata.Name
	}
	return found
}

// sizes returns what the claims ask for, sorted.
func sizes(t *testing.T) []string {
	t.Helper()
	var all []string
	for _, one := range watched.Each(t, "persistentvolumeclaims", "--namespace=dreamseed-monitoring") {
		requests := one.Spec["resources"].(map[string]any)["requests"].(map[string]any)
		all = append(all, requests["storage"].(string))
	}
	slices.Sort(all)
	return all
}
