package engine

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/urn"
	"github.com/pulumi/pulumi/sdk/v3/go/common/tokens"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func object(kind tokens.Type, name string, metadata map[string]any) apitype.ResourceV3 {
	return apitype.ResourceV3{
		URN:    urn.New("local", "dreamseed", "", kind, name),
		Type:   kind,
		Custom: true,
		Inputs: map[string]any{"metadata": metadata},
	}
}

func creating(r apitype.ResourceV3) apitype.OperationV2 {
	return apitype.OperationV2{Resource: r, Type: apitype.OperationTypeCreating}
}

func TestAnObjectThatWasBeingCreatedIsKnownByItsName(t *testing.T) {
	for reason, c := range map[string]struct {
		resource apitype.ResourceV3
		id       resource.ID
		known    bool
	}{
		"namespaced": {
			object("kubernetes:core/v1:Service", "a", map[string]any{"name": "auth", "namespace": "ns"}), "ns/auth", true,
		},
		"cluster-scoped": {
			object("kubernetes:scheduling.k8s.io/v1:PriorityClass", "a", map[string]any{"name": "high"}), "high", true,
		},
		"a name that the provider generates": {object("kubernetes:core/v1:Service", "a", map[string]any{}), "", false},
	} {
		t.Run(reason, func(t *testing.T) {
			id, known := identify(c.resource)
			assert.Equal(t, c.known, known)
			assert.Equal(t, c.id, id)
		})
	}
}

func TestUnfinishedCreationsAreHeldToExist(t *testing.T) {
	class := object("kubernetes:scheduling.k8s.io/v1:PriorityClass", "class", map[string]any{"name": "high"})
	played := object("gcp:container:Cluster", "cluster", map[string]any{"name": "c"})
	nameless := object("kubernetes:core/v1:Service", "nameless", nil)
	provider := object("pulumi:providers:kubernetes", "k", nil)
	component := apitype.ResourceV3{URN: "urn:pulumi:local::dreamseed::dreamseed:a:B::c", Type: "dreamseed:a:B"}
	existing := object("kubernetes:core/v1:Namespace", "ns", map[string]any{"name": "ns"})
	s := state{deployment: apitype.DeploymentV3{
		Resources: []apitype.ResourceV3{existing},
		PendingOperations: []apitype.OperationV2{
			creating(class), creating(played), creating(nameless), creating(provider), creating(component),
			{Resource: existing, Type: apitype.OperationTypeUpdating},
		},
	}}
	require.Len(t, s.pending(), 6)

	lost := s.adopt()

	adopted := class
	adopted.ID = "high"
	assert.Equal(t, []apitype.ResourceV3{existing, adopted}, s.deployment.Resources, "a stand-in makes nothing")
	assert.Equal(t, []urn.URN{nameless.URN}, lost)
	assert.Empty(t, s.deployment.PendingOperations)
	assert.Equal(t, []urn.URN{class.URN, existing.URN},
		s.known([]urn.URN{class.URN, existing.URN, played.URN, provider.URN}))
}

func TestAnUnfinishedReplacementTakesThePlaceOfItsOriginal(t *testing.T) {
	gone := object("kubernetes:core/v1:Service", "a", map[string]any{"name": "a", "namespace": "ns"})
	gone.ID, gone.PendingReplacement = "ns/a", true
	doomed := gone
	doomed.Delete, doomed.PendingReplacement = true, false
	replacement := object("kubernetes:core/v1:Service", "a", map[string]any{"name": "b", "namespace": "ns"})
	adopted := replacement
	adopted.ID = "ns/b"

	for reason, c := range map[string]struct{ before, after []apitype.ResourceV3 }{
		"the original is deleted":         {[]apitype.ResourceV3{gone}, []apitype.ResourceV3{adopted}},
		"the original is still to delete": {[]apitype.ResourceV3{doomed}, []apitype.ResourceV3{doomed, adopted}},
		"the resource is there after all": {[]apitype.ResourceV3{adopted}, []apitype.ResourceV3{adopted}},
		"nothing of that name was there":  {nil, []apitype.ResourceV3{adopted}},
	} {
		t.Run(reason, func(t *testing.T) {
			s := state{deployment: apitype.DeploymentV3{
				Resources: c.before, PendingOperations: []apitype.OperationV2{creating(replacement)},
			}}
			s.adopt()
			assert.Equal(t, c.after, s.deployment.Resources)
		})
	}
}

func TestAnAdoptedObjectKeepsTheFieldManagerThatCreatedIt(t *testing.T) {
	live := func(manager string) map[string]any {
		return map[string]any{
			fieldManager: manager,
			"metadata": map[string]any{"managedFields": []any{
				map[string]any{"manager": "kube-controller-manager", "operation": "Update"},
				map[string]any{"manager": "kubectl", "operation": "Apply"},
				map[string]any{"manager": "pulumi-kubernetes-1234", "operation": "Apply"},
			}},
		}
	}
	adopted := apitype.ResourceV3{URN: "urn:adopted", Outputs: live("pulumi-kubernetes-other")}
	settled := apitype.ResourceV3{URN: "urn:settled", Outputs: live("pulumi-kubernetes-other")}
	s := state{deployment: apitype.DeploymentV3{Resources: []apitype.ResourceV3{adopted, settled}}}

	assert.True(t, s.claim([]urn.URN{"urn:adopted"}))

	assert.Equal(t, "pulumi-kubernetes-1234", s.deployment.Resources[0].Outputs[fieldManager])
	assert.Equal(t, "pulumi-kubernetes-other", s.deployment.Resources[1].Outputs[fieldManager])
	assert.False(t, s.claim([]urn.URN{"urn:adopted"}), "there is nothing left to change")
}
