package recorder

import (
	"maps"
	"slices"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

const nameLabel = "app.kubernetes.io/name"

// templateLabels are the labels with the hash of the template from which a Deployment or a Rollout made a pod.
var templateLabels = []string{"pod-template-hash", "rollouts-pod-template-hash"}

// template returns the hash of the pod's template; empty for anything but a pod of a Deployment or a Rollout, such as a
// Job's pod.
func template(object *unstructured.Unstructured) string {
	for _, label := range templateLabels {
		if hash := object.GetLabels()[label]; hash != "" && object.GetKind() == "Pod" {
			return hash
		}
	}
	return ""
}

func isPodOf(object *unstructured.Unstructured, workload string) bool {
	return template(object) != "" && object.GetLabels()[nameLabel] == workload
}

// LowestReady returns the lowest number of pods of a workload that were ready and not terminating at any moment of the
// record.
func (h History) LowestReady(workload string) int {
	return h.lowest(func(live objects) int {
		count := 0
		for _, object := range live {
			if isPodOf(object, workload) && object.GetDeletionTimestamp() == nil && ready(object) {
				count++
			}
		}
		return count
	})
}

func ready(pod *unstructured.Unstructured) bool { return condition(pod, "Ready") }

// condition reports whether the object's status has the condition and it is true.
func condition(object *unstructured.Unstructured, kind string) bool {
	conditions, _, _ := unstructured.NestedSlice(object.Object, "status", "conditions")
	for _, one := range conditions {
		fields, _ := one.(map[string]any)
		if fields["type"] == kind {
			return fields["status"] == "True"
		}
	}
	return false
}

// PodsBefore names the pods of a workload that existed before a Job completed and were made from a new template, one
// that did not exist at the beginning. If the Job never completed, it names all pods of new templates.
func (h History) PodsBefore(job, workload string) []string {
	old, names := map[string]bool{}, map[string]bool{}
	for _, object := range h.Beginning {
		if completes(&object, job) {
			return nil
		}
		if isPodOf(&object, workload) {
			old[template(&object)] = true
		}
	}
	for _, change := range h.Changes {
		if completes(change.Object, job) {
			break
		}
		if isPodOf(change.Object, workload) && !old[template(change.Object)] {
			names[change.Object.GetName()] = true
		}
	}
	return slices.Sorted(maps.Keys(names))
}

// Ended names the pods that were deleted.
func (h History) Ended() []string {
	var names []string
	for _, change := range h.Changes {
		if change.Gone && change.Object.GetKind() == "Pod" {
			names = append(names, change.Object.GetName())
		}
	}
	return names
}

// Completed reports whether a Job was complete at the beginning or completed later.
func (h History) Completed(job string) bool {
	return slices.ContainsFunc(h.Beginning, func(o unstructured.Unstructured) bool { return completes(&o, job) }) ||
		slices.ContainsFunc(h.Changes, func(c Change) bool { return completes(c.Object, job) })
}

func completes(object *unstructured.Unstructured, job string) bool {
	return object.GetKind() == "Job" && object.GetName() == job && condition(object, "Complete")
}
