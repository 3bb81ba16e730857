package podnet

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"path"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/watch"
	"k8s.io/client-go/rest"
)

const inTime = 20 * time.Second

func running(name, ip string) *corev1.Pod {
	return &corev1.Pod{
		TypeMeta:   metav1.TypeMeta{APIVersion: "v1", Kind: "Pod"},
		ObjectMeta: metav1.ObjectMeta{Namespace: "shop", Name: name},
		Status:     corev1.PodStatus{Phase: corev1.PodRunning, PodIP: ip},
	}
}

// apiServer is an API server with a list of each kind, whose watches tell what is written to changes.
type apiServer struct {
	lists   map[string][]any
	changes chan metav1.WatchEvent
}

func (s apiServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	kind := path.Base(r.URL.Path)
	switch {
	case r.URL.Query().Has("sendInitialEvents"): // a client then lists before it watches
		w.WriteHeader(http.StatusUnprocessableEntity)
		_ = json.NewEncoder(w).Encode(metav1.Status{
			TypeMeta: metav1.TypeMeta{Kind: "Status", APIVersion: "v1"}, Reason: metav1.StatusReasonInvalid,
			Status: metav1.StatusFailure, Code: http.StatusUnprocessableEntity,
		})
	case r.URL.Query().Has("watch"):
		s.watch(w, r, kind)
	default:
		_ = json.NewEncoder(w).Encode(map[string]any{
			"apiVersion": "v1", "kind": "List", "metadata": map[string]any{"resourceVersion": "1"}, "items": s.lists[kind],
		})
	}
}

func (s apiServer) watch(w http.ResponseWriter, r *http.Request, kind string) {
	w.(http.Flusher).Flush()
	for kind == "pods" {
		select {
		case event := <-s.changes:
			_ = json.NewEncoder(w).Encode(event)
			w.(http.Flusher).Flush()
		case <-r.Context().Done():
			return
		}
	}
	<-r.Context().Done()
}

// cluster returns the directory of a cluster with these lists, and tells it changes of pods.
func cluster(t *testing.T, lists map[string][]any) (c *Cluster, change func(watch.EventType, *corev1.Pod)) {
	t.Helper()
	api := apiServer{lists, make(chan metav1.WatchEvent)}
	server := httptest.NewServer(api)
	t.Cleanup(server.Close)
	ctx, cancel := context.WithCancel(t.Context())
	t.Cleanup(cancel) // before the server closes
	c, err := Watch(ctx, &rest.Config{Host: server.URL})
	require.NoError(t, err)
	return c, func(kind watch.EventType, pod *corev1.Pod) {
		pod.ResourceVersion = "2"
		api.changes <- metav1.WatchEvent{Type: string(kind), Object: runtime.RawExtension{Object: pod}}
	}
}

func TestADirectoryHasWhatTheClusterHas(t *testing.T) {
	c, _ := cluster(t, map[string][]any{
		"pods": {running("cart-1", "10.244.0.1")},
		"services": {&corev1.Service{
			TypeMeta:   metav1.TypeMeta{APIVersion: "v1", Kind: "Service"},
			ObjectMeta: metav1.ObjectMeta{Namespace: "shop", Name: "cart"},
			Spec:       corev1.ServiceSpec{ClusterIPs: []string{"10.96.0.7"}},
		}},
		"endpointslices": {&discoveryv1.EndpointSlice{
			TypeMeta: metav1.TypeMeta{APIVersion: "discovery.k8s.io/v1", Kind: "EndpointSlice"},
			ObjectMeta: metav1.ObjectMeta{
				Namespace: "shop", Name: "cart-x", Labels: map[string]string{discoveryv1.LabelServiceName: "cart"},
			},
		}},
	})
	require.NotNil(t, c.Pod("10.244.0.1"))
	assert.Equal(t, "cart-1", c.Pod("10.244.0.1").Name)
	require.NotNil(t, c.Service("shop", "cart"))
	assert.Equal(t, c.Service("shop", "cart"), c.ServiceByIP("10.96.0.7"))
	assert.Len(t, c.Slices("shop", "cart"), 1)
	assert.Len(t, c.Pods(), 1)

	assert.Nil(t, c.Pod("10.244.0.9"))
	assert.Nil(t, c.Service("office", "cart"))
	assert.Nil(t, c.ServiceByIP("10.96.0.9"))
	assert.Empty(t, c.Slices("office", "cart"))
}

// The address of a pod that has ended is given to the next one.
func TestOnlyARunningPodHasAnAddress(t *testing.T) {
	ended := running("migration", "10.244.0.1")
	ended.Status.Phase = corev1.PodSucceeded
	onHost := running("agent", "10.244.0.3")
	onHost.Spec.HostNetwork = true
	c, _ := cluster(t, map[string][]any{"pods": {ended, onHost, running("cart-1", "10.244.0.2")}})
	assert.NotNil(t, c.Pod("10.244.0.2"), "the control")
	assert.Nil(t, c.Pod("10.244.0.1"))
	assert.Nil(t, c.Pod("10.244.0.3"), "its address is its node's")
	assert.Len(t, c.Pods(), 2)
}

func TestADirectoryFollowsTheCluster(t *testing.T) {
	c, change := cluster(t, map[string][]any{"pods": {running("cart-1", "10.244.0.1")}})
	require.NotNil(t, c.Pod("10.244.0.1"), "the control")

	change(watch.Added, running("cart-2", "10.244.0.2"))
	change(watch.Deleted, running("cart-1", "10.244.0.1"))

	assert.Eventually(t, func() bool { return c.Pod("10.244.0.2") != nil && c.Pod("10.244.0.1") == nil }, inTime,
		time.Millisecond)
}
