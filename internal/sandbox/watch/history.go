package watch

import (
	"strconv"
	"time"

	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/types"
)

// Event is something that happened to an object.
type Event struct {
	// Type is Existing, ADDED, MODIFIED or DELETED.
	Type string `json:"type"`
	// Object is the object after it, or before it was deleted.
	Object *unstructured.Unstructured `json:"object"`
	// Time is when the recorder heard of it.
	Time time.Time `json:"-"`
}

// Existing is the type of the events with which a history begins: what there was already.
const Existing = "EXISTING"

const deleted = "DELETED"

// History is what was seen, in the order in which it was seen. The order within one kind is that of the API server.
type History struct{ Events []Event }

// LowestReady is the lowest number of ready pods of a workload (label app.kubernetes.io/name) at any moment since the
// watch began.
func (h History) LowestReady(workload string) int {
	return h.lowest("Pod", func(object *unstructured.Unstructured) int {
		if object.GetLabels()["app.kubernetes.io/name"] == workload && podReady(as[corev1.Pod](object)) {
			return 1
		}
		return 0
	})
}

// LowestServing is the lowest number of endpoints of a Service that a kube-proxy would have sent a request to: ready ones,
// or those that still serve while they terminate where none is ready
// (https://kubernetes.io/docs/concepts/services-networking/endpoint-slices/#conditions).
func (h History) LowestServing(service string) int {
	return h.lowest("EndpointSlice", func(object *unstructured.Unstructured) int {
		if object.GetLabels()[discoveryv1.LabelServiceName] != service {
			return 0
		}
		return serving(as[discoveryv1.EndpointSlice](object))
	})
}

// lowest replays the events about a kind and returns the lowest sum over all of its objects. What existed when the watch
// began is where the replay begins.
func (h History) lowest(kind string, count func(*unstructured.Unstructured) int) int {
	counts, sum := map[types.UID]int{}, 0
	least := -1
	for _, event := range h.Events {
		if event.Object.GetKind() != kind {
			continue
		}
		if event.Type != Existing && (least < 0 || sum < least) {
			least = sum
		}
		id, now := event.Object.GetUID(), 0
		if event.Type != deleted {
			now = count(event.Object)
		}
		sum += now - counts[id]
		counts[id] = now
	}
	if least < 0 || sum < least {
		return sum
	}
	return least
}

// Added counts the objects of a kind that did not exist when the watch began.
func (h History) Added(kind string) int {
	count := 0
	for _, event := range h.Events {
		if event.Type == "ADDED" && event.Object.GetKind() == kind {
			count++
		}
	}
	return count
}

// Completed is the revision at which a Job became complete, or 0 where it never was. Revisions are those of the API
// server's store, which counts the changes of all kinds in one sequence.
func (h History) Completed(job string) int {
	return h.first(func(event Event) bool {
		return event.Object.GetKind() == "Job" && event.Object.GetName() == job && jobComplete(as[batchv1.Job](event.Object))
	})
}

// FirstPod is the revision of the first pod of a workload that runs an image, or 0 where there was none.
func (h History) FirstPod(workload, image string) int {
	return h.first(func(event Event) bool {
		if event.Object.GetKind() != "Pod" || event.Object.GetLabels()["app.kubernetes.io/name"] != workload {
			return false
		}
		return as[corev1.Pod](event.Object).Spec.Containers[0].Image == image
	})
}

func (h History) first(holds func(Event) bool) int {
	for _, event := range h.Events {
		if holds(event) {
			// A resource version is a number of the store's, and nothing else is ever asked here.
			revision, _ := strconv.Atoi(event.Object.GetResourceVersion())
			return revision
		}
	}
	return 0
}

// as decodes an object. A field that does not fit stays empty: the API server has checked them.
func as[T any](object *unstructured.Unstructured) *T {
	decoded := new(T)
	_ = runtime.DefaultUnstructuredConverter.FromUnstructured(object.Object, decoded)
	return decoded
}

func podReady(pod *corev1.Pod) bool {
	for _, condition := range pod.Status.Conditions {
		if condition.Type == corev1.PodReady {
			return condition.Status == corev1.ConditionTrue && pod.DeletionTimestamp == nil
		}
	}
	return false
}

func serving(slice *discoveryv1.EndpointSlice) int {
	count := 0
	for _, endpoint := range slice.Endpoints {
		if endpoint.Conditions.Serving != nil && *endpoint.Conditions.Serving {
			count++
		}
	}
	return count
}

func jobComplete(job *batchv1.Job) bool {
	for _, condition := range job.Status.Conditions {
		if condition.Type == batchv1.JobComplete {
			return condition.Status == corev1.ConditionTrue
		}
	}
	return false
}
