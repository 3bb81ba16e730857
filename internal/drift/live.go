package drift

import (
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/types"
)

// live is an object as it is in the cluster, with the path of its resource. Of a Secret only the metadata is read.
type live struct {
	unstructured.Unstructured
	// uri is the object's path in the API, such as /apis/apps/v1/namespaces/a/deployments/b.
	uri string
}

func (l live) object() Object {
	return objectOf(l.GroupVersionKind().GroupKind(), l.GetNamespace(), l.GetName())
}

// managers returns the names of those who wrote the object. A status alone does not count.
func (l live) managers() []string {
	var names []string
	for _, entry := range l.GetManagedFields() {
		if entry.Subresource != "status" {
			names = append(names, entry.Manager)
		}
	}
	return names
}

// controller returns the UID and the kind of the object that this one was made for.
func (l live) controller() (types.UID, string) {
	for _, owner := range l.GetOwnerReferences() {
		return owner.UID, owner.Kind
	}
	return "", ""
}

// creator returns who wrote the object first, as far as the object says.
func (l live) creator() Writer {
	var first Writer
	for _, entry := range l.GetManagedFields() {
		if entry.Subresource == "" && (first.Manager == "" || first.Time == nil ||
			entry.Time != nil && entry.Time.Time.Before(*first.Time)) {
			first = writerOf(entry)
		}
	}
	return first
}

// isMetadata reports whether the content was not read.
func (l live) isMetadata() bool { return l.GetKind() == "Secret" }
