package enginetest

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/stretchr/testify/assert"
)

func TestDeletedObjectIsSeenByARefreshingPreviewAndRepairedByUp(t *testing.T) {
	changing.asTracked(t)
	changing.kubectl(t, "delete", "networkpolicy", "allow-payment-egress", "--namespace", namespace)

	assert.Zero(t, changing.preview(t, withState).Changes(), "a preview that trusts the state sees nothing: the control")
	drifted := changing.preview(t, withLiveObjects)
	assert.Equal(t, 1, drifted.Counts[apitype.OpCreate], "%+v", drifted.Steps)

	changing.up(t, tracked)

	changing.kubectl(t, "get", "networkpolicy", "allow-payment-egress", "--namespace", namespace)
	assert.Zero(t, changing.preview(t, withLiveObjects).Changes())
}

func TestChangedObjectIsRepairedByUp(t *testing.T) {
	changing.asTracked(t)
	changing.kubectl(t, "label", "namespace", namespace, "pod-security.kubernetes.io/enforce=privileged", "--overwrite")

	changing.up(t, tracked)

	for _, found := range changing.list(t, "namespaces", "--selector", "kubernetes.io/metadata.name="+namespace) {
		assert.Equal(t, "restricted", found.Metadata.Labels["pod-security.kubernetes.io/enforce"])
	}
}

func TestDestroyLeavesNoObjectOfThePlatform(t *testing.T) {
	dying.asTracked(t)
	assert.NotEmpty(t, dying.platformObjects(t), "the control: before destroy there are some")

	dying.destroy(t)

	assert.Empty(t, dying.platformObjects(t))
}
