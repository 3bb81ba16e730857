package enginetest

import (
	"context"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/dynamic"
)

// cordon keeps new pods off a node until it is uncordoned, or the test ends.
func (s *subject) cordon(t *testing.T, node string) {
	t.Helper()
	s.Kubectl(t, "cordon", node)
	t.Cleanup(func() { s.uncordon(t, node) })
}

// uncordon lets new pods onto a node. It ignores a node that has been lost meanwhile.
func (s *subject) uncordon(t *testing.T, node string) {
	t.Helper()
	printed, err := s.TryKubectl(context.WithoutCancel(t.Context()), nil, "uncordon", node)
	assert.True(t, err == nil || strings.Contains(printed, "NotFound"), printed)
}

// drained is the result of a drain.
type drained struct {
	// finished reports whether no pod is left on the node.
	finished bool
	// refused are the services of the pods that a PodDisruptionBudget protected at least once, without duplicates.
	refused []string
}

// pollEvictions is the interval between two attempts of a refused eviction.
const pollEvictions = 100 * time.Millisecond

// drain empties a node as an upgrade of its pool does: it cordons the node and evicts its pods, again and again while a
// PodDisruptionBudget refuses, until the limit.
func (s *subject) drain(t *testing.T, node string, limit time.Duration) drained {
	t.Helper()
	s.cordon(t, node)
	client, err := dynamic.NewForConfig(s.Client(t))
	require.NoError(t, err)
	refused := map[string]bool{}
	for end := time.Now().Add(limit); time.Now().Before(end); time.Sleep(pollEvictions) {
		left := podsOn(t, client, node)
		if len(left) == 0 {
			return drained{finished: true, refused: slices.Sorted(maps.Keys(refused))}
		}
		for _, pod := range left {
			if pod.GetDeletionTimestamp() == nil && !evict(t, client, pod) {
				refused[pod.GetLabels()["app.kubernetes.io/name"]] = true
			}
		}
	}
	return drained{refused: slices.Sorted(maps.Keys(refused))}
}

var podResource = schema.GroupVersionResource{Version: "v1", Resource: "pods"}

func podsOn(t *testing.T, client dynamic.Interface, node string) []unstructured.Unstructured {
	t.Helper()
	list, err := client.Resource(podResource).List(t.Context(), metav1.ListOptions{FieldSelector: "spec.nodeName=" + node})
	require.NoError(t, err)
	return list.Items
}

// evict requests an eviction, and reports whether it was granted. A pod that no longer exists counts as evicted.
func evict(t *testing.T, client dynamic.Interface, pod unstructured.Unstructured) bool {
	t.Helper()
	eviction := &unstructured.Unstructured{Object: map[string]any{
		"apiVersion": "policy/v1", "kind": "Eviction",
		"metadata": map[string]any{"name": pod.GetName(), "namespace": pod.GetNamespace()},
	}}
	_, err := client.Resource(podResource).Namespace(pod.GetNamespace()).
		Create(t.Context(), eviction, metav1.CreateOptions{}, "eviction")
	if apierrors.IsTooManyRequests(err) {
		return false
	}
	if !apierrors.IsNotFound(err) {
		require.NoError(t, err)
	}
	return true
}

// aNodeOf returns a node that runs a pod of the workload.
func (s *subject) aNodeOf(t *testing.T, namespace, workload string) string {
	t.Helper()
	running := s.List(t, "pods", "--namespace", namespace, "--selector", "app.kubernetes.io/name="+workload)
	require.NotEmpty(t, running)
	node := running[0].Node()
	require.NotEmpty(t, node)
	return node
}
