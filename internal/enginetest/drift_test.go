package enginetest

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/stretchr/testify/assert"
)

func TestDeletedObjectIsSeenByARefreshingPreviewAndRepairedByUp(t *testing.T) {
	shared.up(t, asTracked)
	shared.kubectl(t, "delete", "service", "user-service", "--namespace", namespace)

	assert.Zero(t, shared.preview(t, withState).Changes(), "a preview that trusts the state sees nothing: the control")
	drifted := shared.preview(t, withLiveObjects)
	assert.Equal(t, 1, drifted.Counts[apitype.OpCreate], "%+v", drifted.Steps)

	shared.up(t, asTracked)

	repaired := shared.list(t, "services", "--namespace", namespace, "--selector", "app.kubernetes.io/name=user-service")
	assert.Len(t, repaired, 1)
	assert.Zero(t, shared.preview(t, withLiveObjects).Changes())
}

func TestChangedObjectIsRepairedByUp(t *testing.T) {
	shared.up(t, asTracked)
	shared.kubectl(t, "label", "namespace", namespace, "pod-security.kubernetes.io/enforce=privileged", "--overwrite")

	shared.up(t, asTracked)

	for _, found := range shared.list(t, "namespaces", "--selector", "kubernetes.io/metadata.name="+namespace) {
		assert.Equal(t, "restricted", found.Metadata.Labels["pod-security.kubernetes.io/enforce"])
	}
}

func TestDestroyLeavesNoObjectOfThePlatform(t *testing.T) {
	shared.up(t, asTracked)
	assert.NotEmpty(t, shared.platformObjects(t), "the control: before destroy there are some")

	shared.destroy(t)

	assert.Empty(t, shared.platformObjects(t))
}
