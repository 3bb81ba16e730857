package enginetest

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/stretchr/testify/assert"

	"github.com/dreamseed/platform/internal/enginetest/testbed"
)

func TestDeletedObjectIsSeenByARefreshingPreviewAndRepairedByUp(t *testing.T) {
	changing.Deployed(t)
	changing.Kubectl(t, "delete", "networkpolicy", "allow-payment-egress", "--namespace", namespace)

	assert.Zero(t, changing.Preview(t, testbed.WithState).Changes(),
		"a preview that trusts the state sees nothing: the control")
	drifted := changing.Preview(t, testbed.WithLiveObjects)
	assert.Equal(t, 1, drifted.Counts[apitype.OpCreate], "%+v", drifted.Steps)

	changing.Repair(t)

	changing.Kubectl(t, "get", "networkpolicy", "allow-payment-egress", "--namespace", namespace)
	assert.Zero(t, changing.Preview(t, testbed.WithLiveObjects).Changes())
}

func TestChangedObjectIsRepairedByUp(t *testing.T) {
	changing.Deployed(t)
	changing.Kubectl(t, "label", "namespace", namespace, "pod-security.kubernetes.io/enforce=privileged", "--overwrite")

	changing.Repair(t)

	for _, found := range changing.Each(t, "namespaces", "--selector", "kubernetes.io/metadata.name="+namespace) {
		assert.Equal(t, "restricted", found.Metadata.Labels["pod-security.kubernetes.io/enforce"])
	}
}

func TestDestroyLeavesNoObjectOfThePlatform(t *testing.T) {
	dying.AsTracked(t)
	assert.NotEmpty(t, dying.PlatformObjects(t), "the control: before destroy there are some")

	dying.Destroy(t)

	assert.Empty(t, dying.PlatformObjects(t))
}
