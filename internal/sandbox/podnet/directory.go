package podnet

import (
	"context"
	"errors"
	"fmt"

	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/cache"
)

// Directory knows the pods and Services of a cluster. What it returns must not be changed.
type Directory interface {
	// Pod returns the running pod with an address, or nil.
	Pod(ip string) *corev1.Pod
	// Service returns a Service, or nil.
	Service(namespace, name string) *corev1.Service
	// ServiceByIP returns the Service with an address, or nil.
	ServiceByIP(ip string) *corev1.Service
	// Slices returns the EndpointSlices of a Service.
	Slices(namespace, service string) []*discoveryv1.EndpointSlice
}

// Cluster is the directory of a running cluster.
type Cluster struct {
	pods, services, endpoints cache.Indexer
}

// Indexes of the kinds.
const (
	byIP      = "ip"
	byService = "service"
)

// Watch returns the directory of a cluster, which is complete when Watch returns and follows the cluster until ctx
// ends. The configuration needs the right to list and watch pods, Services and EndpointSlices everywhere.
func Watch(ctx context.Context, config *rest.Config) (*Cluster, error) {
	client, err := dynamic.NewForConfig(config)
	if err != nil {
		return nil, fmt.Errorf("watching the pods: %w", err)
	}
	c := &Cluster{}
	var synced []cache.InformerSynced
	follow := func(store *cache.Indexer, kind schema.GroupVersionResource, of cache.TransformFunc, index cache.Indexers) {
		informer, controller := cache.NewInformerWithOptions(cache.InformerOptions{
			ListerWatcher: listerWatcher(client.Resource(kind)), ObjectType: &unstructured.Unstructured{},
			Handler: cache.ResourceEventHandlerFuncs{}, Transform: of, Indexers: index,
		})
		*store = informer.(cache.Indexer) // it is one where Indexers are set
		synced = append(synced, controller.HasSynced)
		go controller.RunWithContext(ctx)
	}
	follow(&c.pods, podKind, as[corev1.Pod], cache.Indexers{byIP: indexed(runningIP)})
	follow(&c.services, serviceKind, as[corev1.Service], cache.Indexers{byIP: indexed(serviceIPs)})
	follow(&c.endpoints, sliceKind, as[discoveryv1.EndpointSlice], cache.Indexers{byService: indexed(sliceService)})
	if !cache.WaitForCacheSync(ctx.Done(), synced...) {
		return nil, fmt.Errorf("watching the pods: %w", context.Cause(ctx))
	}
	return c, nil
}

var (
	podKind     = schema.GroupVersionResource{Version: "v1", Resource: "pods"}
	serviceKind = schema.GroupVersionResource{Version: "v1", Resource: "services"}
	sliceKind   = schema.GroupVersionResource{Group: "discovery.k8s.io", Version: "v1", Resource: "endpointslices"}
)

func listerWatcher(resource dynamic.ResourceInterface) cache.ListerWatcher {
	return &cache.ListWatch{
		ListWithContextFunc: func(ctx context.Context, options metav1.ListOptions) (runtime.Object, error) {
			return resource.List(ctx, options)
		},
		WatchFuncWithContext: resource.Watch,
	}
}

// as converts an object into its type before it is stored.
func as[T any](object any) (any, error) {
	content, ok := object.(*unstructured.Unstructured)
	if !ok {
		return object, nil // a deletion that the watch missed
	}
	typed := new(T)
	return typed, runtime.DefaultUnstructuredConverter.FromUnstructured(content.Object, typed)
}

var errOtherType = errors.New("an object of another type was stored")

// indexed returns an index function for a type.
func indexed[T any](keys func(*T) []string) cache.IndexFunc {
	return func(object any) ([]string, error) {
		typed, ok := object.(*T)
		if !ok {
			return nil, errOtherType
		}
		return keys(typed), nil
	}
}

// runningIP returns the pod's address. The address of a pod that has ended may be another pod's already, and an address
// of the host belongs to no pod alone.
func runningIP(pod *corev1.Pod) []string {
	if pod.Status.Phase != corev1.PodRunning || pod.Spec.HostNetwork {
		return nil
	}
	return []string{pod.Status.PodIP}
}

func serviceIPs(service *corev1.Service) []string { return service.Spec.ClusterIPs }

func sliceService(slice *discoveryv1.EndpointSlice) []string {
	return []string{cache.NewObjectName(slice.Namespace, slice.Labels[discoveryv1.LabelServiceName]).String()}
}

// Pod implements Directory.
func (c *Cluster) Pod(ip string) *corev1.Pod { return first[corev1.Pod](c.pods, byIP, ip) }

// ServiceByIP implements Directory.
func (c *Cluster) ServiceByIP(ip string) *corev1.Service {
	return first[corev1.Service](c.services, byIP, ip)
}

// Service implements Directory.
func (c *Cluster) Service(namespace, name string) *corev1.Service {
	found, exists, err := c.services.GetByKey(cache.NewObjectName(namespace, name).String())
	if !exists || err != nil {
		return nil
	}
	return found.(*corev1.Service) // the transform stores no other type
}

// Slices implements Directory.
func (c *Cluster) Slices(namespace, service string) []*discoveryv1.EndpointSlice {
	return all[discoveryv1.EndpointSlice](c.endpoints, byService, cache.NewObjectName(namespace, service).String())
}

// Pods returns the running pods.
func (c *Cluster) Pods() []*corev1.Pod {
	var running []*corev1.Pod
	for _, one := range c.pods.List() {
		if pod, ok := one.(*corev1.Pod); ok && pod.Status.Phase == corev1.PodRunning {
			running = append(running, pod)
		}
	}
	return running
}

// all returns what an index has under a key.
func all[T any](store cache.Indexer, index, key string) []*T {
	found, err := store.ByIndex(index, key)
	if err != nil {
		return nil // the index exists
	}
	var typed []*T
	for _, one := range found {
		typed = append(typed, one.(*T)) // the transform stores no other type
	}
	return typed
}

func first[T any](store cache.Indexer, index, key string) *T {
	if found := all[T](store, index, key); len(found) > 0 {
		return found[0]
	}
	return nil
}
