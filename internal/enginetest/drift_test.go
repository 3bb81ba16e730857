package enginetest

import (
	"strings"
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
	assert.NotEmpty(t, dying.platformObjects(t), "the control: before destroy there are some")

	dying.Destroy(t)

	assert.Empty(t, dying.platformObjects(t))
}

// platformObjects lists every object of the cluster, of any kind, that belongs to the platform by its name or its
// namespace. It does not rely on labels, which an object might lack.
func (s *subject) platformObjects(t *testing.T) []string {
	t.Helper()
	kinds := strings.Fields(s.Kubectl(t, "api-resources", "--verbs=list", "--output=name"))
	var ours []string
	for _, found := range s.Each(t, strings.Join(kinds, ","), "--all-namespaces") {
		isNode := found.Kind == "Node" || found.Metadata.Namespace == "kube-node-lease" || found.Kind == "CSINode"
		isPast := found.Kind == "Event"
		isKeptByPeople := found.Kind == "Secret" && found.Metadata.Namespace == "secret-manager"
		name := found.Metadata.Namespace + "/" + found.Metadata.Name
		if strings.Contains(name, "dreamseed") && !isNode && !isPast && !isKeptByPeople {
			ours = append(ours, found.Kind+" "+name)
		}
	}
	return ours
}
