package replica_test

import (
	"encoding/json"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"

	"github.com/dreamseed/platform/internal/mocktest"
)

// selected returns the names of the Deployments with pods that a label selector selects, as Kubernetes reads it.
func selected(t *testing.T, recording *mocktest.Recording, selector any) []string {
	t.Helper()
	matches := parsed(t, selector)
	var names []string
	for _, deployment := range recording.Each(t, deploymentType) {
		if matches.Matches(podLabels(t, deployment)) {
			names = append(names, deployment.At("metadata", "name").(string))
		}
	}
	slices.Sort(names)
	return names
}

func parsed(t *testing.T, selector any) labels.Selector {
	t.Helper()
	encoded, err := json.Marshal(selector)
	require.NoError(t, err)
	var decoded metav1.LabelSelector
	require.NoError(t, json.Unmarshal(encoded, &decoded))
	matches, err := metav1.LabelSelectorAsSelector(&decoded)
	require.NoError(t, err)
	require.False(t, matches.Empty(), "it would select every pod")
	return matches
}

func podLabels(t *testing.T, deployment *mocktest.Resource) labels.Set {
	t.Helper()
	set := labels.Set{}
	own, _ := deployment.At("spec", "template", "metadata", "labels").(map[string]any)
	require.NotEmpty(t, own)
	for name, value := range own {
		set[name] = value.(string)
	}
	return set
}

func TestServicesSelectThePodsTheyAreNamedAfter(t *testing.T) {
	recording := built(t, store(), 2)
	for name, want := range map[string][]string{
		"store-service": {"store-a", "store-b"}, "store-a-service": {"store-a"}, "store-b-service": {"store-b"},
	} {
		selector := recording.Get(t, serviceType, name).At("spec", "selector")
		assert.Equal(t, want, selected(t, recording, map[string]any{"matchLabels": selector}), name)
	}
}

func TestADeploymentSelectsItsOwnPodAlone(t *testing.T) {
	recording := built(t, store(), 2)
	for _, deployment := range recording.Each(t, deploymentType) {
		assert.Equal(t, []string{deployment.At("metadata", "name").(string)},
			selected(t, recording, deployment.At("spec", "selector")))
	}
}

// A replica's own former pod may still be in its zone.
func TestAReplicaKeepsOutOfTheZonesOfTheOthersAlone(t *testing.T) {
	recording := built(t, store(), 2)
	for name, other := range map[string]string{"store-a": "store-b", "store-b": "store-a"} {
		affinity := pod(recording.Get(t, deploymentType, name+"-deployment"))["affinity"]
		terms, _ := mocktest.At(affinity, "podAntiAffinity", "requiredDuringSchedulingIgnoredDuringExecution").([]any)
		require.Len(t, terms, 1)
		assert.Equal(t, "topology.kubernetes.io/zone", mocktest.At(terms, 0, "topologyKey"))
		selector := mocktest.At(terms, 0, "labelSelector")
		assert.Equal(t, []string{other}, selected(t, recording, selector))
		assert.False(t, parsed(t, selector).Matches(labels.Set{"app.kubernetes.io/name": "grafana"}), "another program")
	}
}

func TestADrainStopsOneReplicaAtATime(t *testing.T) {
	recording := built(t, store(), 2)
	budget := recording.Get(t, budgetType, "store-disruption-budget")
	assert.Equal(t, []string{"store-a", "store-b"}, selected(t, recording, budget.At("spec", "selector")))
	assert.Equal(t, 1, budget.At("spec", "maxUnavailable"))
	assert.Nil(t, budget.At("spec", "minAvailable"), "a single replica may be stopped")
	assert.Equal(t, "AlwaysAllow", budget.At("spec", "unhealthyPodEvictionPolicy"))
}

func TestAClientStaysWithOneReplica(t *testing.T) {
	shared := built(t, store(), 2).Get(t, serviceType, "store-service")
	assert.Equal(t, "store", shared.At("metadata", "name"))
	assert.Equal(t, "ClusterIP", shared.At("spec", "type"))
	assert.Equal(t, "ClientIP", shared.At("spec", "sessionAffinity"))
	assert.NotEqual(t, "None", shared.At("spec", "clusterIP"), "it chooses one of them")
	assert.Nil(t, shared.At("spec", "publishNotReadyAddresses"), "and only a ready one")
}

func TestAReplicaIsFoundBeforeItIsReady(t *testing.T) {
	recording := built(t, store(), 2)
	for _, name := range []string{"store-a", "store-b"} {
		own := recording.Get(t, serviceType, name+"-service")
		assert.Equal(t, name, own.At("metadata", "name"))
		assert.Equal(t, "None", own.At("spec", "clusterIP"), "it is an address of the pod itself")
		assert.Equal(t, true, own.At("spec", "publishNotReadyAddresses"))
		recording.Get(t, deploymentType, name+"-deployment").AssertDependsOn(t, own.Ref())
	}
}

func TestServicesHaveThePortsOfThePods(t *testing.T) {
	for _, service := range built(t, store(), 2).Each(t, serviceType) {
		assert.Equal(t, []any{
			map[string]any{"name": "http", "port": 8080, "targetPort": "http", "protocol": "TCP"},
			map[string]any{"name": "gossip", "port": 8081, "targetPort": "gossip", "protocol": "UDP"},
		}, service.At("spec", "ports"), service.Name)
		assert.Equal(t, []string{"jsonpath={.spec.clusterIP}"}, awaited(t, service), service.Name)
	}
}
