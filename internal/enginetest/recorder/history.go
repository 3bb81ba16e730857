package recorder

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/types"
)

// History is the record of a namespace.
type History struct {
	// Beginning holds the objects that existed when the recording started.
	Beginning []unstructured.Unstructured
	// Changes are the changes from then on, in the order of the API server.
	Changes []Change
}

// Change is an object after a change.
type Change struct {
	// At is the time at which the change arrived, shortly after it was made.
	At time.Time
	// Version is the resource version that the change made. It orders the changes of all kinds.
	Version uint64
	// Gone reports whether the object was deleted; Object is then its last state.
	Gone   bool
	Object *unstructured.Unstructured
}

// String returns the change as one line of a log.
func (c Change) String() string {
	what := "is"
	switch {
	case c.Gone:
		what = "gone"
	case c.Object.GetDeletionTimestamp() != nil:
		what = "terminating"
	case c.Object.GetKind() == "Pod" && ready(c.Object):
		what = "ready"
	}
	return fmt.Sprintf("%s %d %s %s: %s",
		c.At.Format("15:04:05.000"), c.Version, c.Object.GetKind(), c.Object.GetName(), what)
}

func (h *History) add(beginning []unstructured.Unstructured, changes []Change) {
	h.Beginning = append(h.Beginning, beginning...)
	h.Changes = append(h.Changes, changes...)
	slices.SortStableFunc(h.Changes, func(a, b Change) int { return cmp.Compare(a.Version, b.Version) })
}

// objects are the objects that exist at one moment.
type objects map[types.UID]*unstructured.Unstructured

// lowest returns the lowest value of a figure at any moment, from the beginning to the last change.
func (h History) lowest(figure func(objects) int) int {
	live := objects{}
	for _, object := range h.Beginning {
		live[object.GetUID()] = &object
	}
	least := figure(live)
	for _, change := range h.Changes {
		if change.Gone {
			delete(live, change.Object.GetUID())
		} else {
			live[change.Object.GetUID()] = change.Object
		}
		least = min(least, figure(live))
	}
	return least
}
