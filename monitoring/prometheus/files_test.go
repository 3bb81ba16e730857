package prometheus_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/dreamseed/platform/internal/mocktest"
)

// files returns the content of the ConfigMaps by their names in the cluster.
func files(t *testing.T, recording *mocktest.Recording) map[string]any {
	t.Helper()
	content := map[string]any{}
	for _, one := range recording.Each(t, configMapType) {
		content[one.At("metadata", "name").(string)] = one.At("data")
	}
	return content
}

func TestEachReplicaHasItsConfigurationAndAllShareTheRules(t *testing.T) {
	assert.Equal(t, map[string]any{
		"prometheus-a":     map[string]any{"prometheus.yml": "replica: a"},
		"prometheus-b":     map[string]any{"prometheus.yml": "replica: b"},
		"prometheus-rules": map[string]any{"auth.yml": "groups: []"},
	}, files(t, built(t, production())))
}

// Nothing but the ConfigMaps differs, and they have the names they had: Prometheus reads them again.
func TestAChangedFileRestartsNothing(t *testing.T) {
	changed := production()
	changed.Config = func(letter string) (string, error) { return "another: " + letter, nil }
	changed.Rules = map[string]string{"auth.yml": "groups: [{}]", "mail.yml": "groups: []"}
	before, after := built(t, production()), built(t, changed)
	assert.Equal(t, []string{"prometheus-a-config", "prometheus-b-config", "prometheus-rules"},
		mocktest.Changed(before, after))
	for _, one := range after.Each(t, configMapType) {
		assert.Equal(t, before.Get(t, configMapType, one.Name).At("metadata"), one.At("metadata"))
		assert.Nil(t, one.At("immutable"))
	}
}

func TestTheFilesAreWhereTheCommandLineLooks(t *testing.T) {
	recording := built(t, production())
	for _, letter := range []string{"a", "b"} {
		deployment := recording.Get(t, deploymentType, "prometheus-"+letter+"-deployment")
		for _, one := range []struct{ volume, configMap, path string }{
			{"config", "prometheus-" + letter, "/etc/prometheus/config"},
			{"rules", "prometheus-rules", "/etc/prometheus/rules"},
		} {
			assert.Contains(t, pod(deployment)["volumes"],
				map[string]any{"name": one.volume, "configMap": map[string]any{"name": one.configMap}})
			assert.Contains(t, container(deployment)["volumeMounts"],
				map[string]any{"name": one.volume, "mountPath": one.path, "readOnly": true}, "as a whole, without subPath")
		}
		assert.Contains(t, container(deployment)["volumeMounts"],
			map[string]any{"name": "data", "mountPath": "/prometheus"})
	}
}

func TestACredentialComesFromItsSecretAndIsInNoConfigMap(t *testing.T) {
	recording := built(t, production())
	for _, one := range recording.Each(t, configMapType) {
		assert.NotContains(t, fmt.Sprint(one.Inputs), "central-store-token")
	}
	for _, deployment := range recording.Each(t, deploymentType) {
		assert.Contains(t, fmt.Sprint(pod(deployment)["volumes"]), "central-store-token", "the control")
		assert.Contains(t, container(deployment)["volumeMounts"],
			map[string]any{"name": "credentials", "mountPath": "/etc/prometheus/credentials", "readOnly": true})
	}
}

func TestWithoutCredentialsNothingIsMountedForThem(t *testing.T) {
	for _, deployment := range built(t, single()).Each(t, deploymentType) {
		assert.NotContains(t, fmt.Sprint(pod(deployment)), "credentials")
	}
}

func TestAFurtherRuleFileNeedsNoOtherMount(t *testing.T) {
	none := production()
	none.Rules = nil
	assert.Equal(t, []string{"prometheus-rules"}, mocktest.Changed(built(t, none), built(t, production())))
}
