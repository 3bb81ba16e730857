// Package drift finds what another hand changed in a stack: in the cloud, in the fields of the program's objects, and
// beside them. It also finds what Pulumi's refresh cannot see: that cuts a live object down to the keys and the list
// lengths of the program (docs/decisions/drift-from-managed-fields.md).
package drift

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/structured-merge-diff/v6/fieldpath"
)

// Class says how much a finding matters.
type Class string

// The classes, from the least to the worst.
const (
	Benign     Class = "benign"
	Suspicious Class = "suspicious"
	Dangerous  Class = "dangerous"
)

// severity orders the classes.
var severity = map[Class]int{"": 0, Benign: 1, Suspicious: 2, Dangerous: 3}

// Worse returns the worse of two classes.
func (c Class) Worse(than Class) Class {
	if severity[c] >= severity[than] {
		return c
	}
	return than
}

// Change is what happened to a field or an object.
type Change string

const (
	// Added is a field or a list element that the program does not have.
	Added Change = "added"
	// Changed is a field of the program with another value.
	Changed Change = "changed"
	// Removed is a field of the program that the object lacks.
	Removed Change = "removed"
	// Gone is an object or a cloud resource of the program that does not exist.
	Gone Change = "gone"
	// Replaced is an object of the program that somebody else made again, or whose managed fields somebody removed.
	Replaced Change = "replaced"
	// Unmanaged is an object that belongs to no program.
	Unmanaged Change = "unmanaged"
	// Unneeded is an entry among the accepted deviations that accepts nothing, or no longer.
	Unneeded Change = "unneeded"
)

// Object names a Kubernetes object, or a cloud resource by its type and its logical name.
type Object struct {
	// Kind is the kind with its group, such as "Service" or "Deployment.apps"; of a cloud resource its type, such as
	// "gcp:container/cluster:Cluster".
	Kind string `json:"kind"`
	// Namespace is empty for objects of the cluster.
	Namespace string `json:"namespace,omitempty"`
	Name      string `json:"name"`
}

func objectOf(kind schema.GroupKind, namespace, name string) Object {
	return Object{Kind: kind.String(), Namespace: namespace, Name: name}
}

// String returns the object as drift-accepted.yaml names it: "Deployment.apps dreamseed-production/auth-service".
func (o Object) String() string {
	if o.Namespace == "" {
		return o.Kind + " " + o.Name
	}
	return o.Kind + " " + o.Namespace + "/" + o.Name
}

// Writer is the client that wrote a field last, by what it says of itself. The API server does not check it.
type Writer struct {
	// Manager is the name that the client gave itself.
	Manager string `json:"manager,omitempty"`
	// Operation is Apply or Update.
	Operation string `json:"operation,omitempty"`
	// Subresource is the part of the API through which it wrote, such as scale.
	Subresource string `json:"subresource,omitempty"`
	// Time is when it last wrote one of its fields. Nil if the object does not say.
	Time *time.Time `json:"time,omitempty"`
}

// Finding is one deviation.
type Finding struct {
	Class  Class  `json:"class"`
	Change Change `json:"change"`
	Object Object `json:"object"`
	// URN is the resource of the program. Empty for what is not the program's.
	URN string `json:"urn,omitempty"`
	// Path is the field, as the API server writes it: .spec.template.spec.containers[name="auth-service"].image. Empty
	// for a whole object.
	Path string `json:"path,omitempty"`
	By   Writer `json:"by"`
	// Why is the reason for the class.
	Why string `json:"why"`
	// Accepted is the acceptance under which the finding counts as benign.
	Accepted *Acceptance `json:"accepted,omitempty"`
	// Remedy is the command that takes the deviation back.
	Remedy string `json:"remedy,omitempty"`

	// fields are the single fields behind Path, each with what decides its class.
	fields []field
}

// field is one deviating field of an object.
type field struct {
	path fieldpath.Path
	// owned is the field that the writer owns: path itself, or the map around it that the API server treats as one.
	owned  fieldpath.Path
	change Change
	by     Writer
	// value is the live value, and nil where there is none. No report shows it.
	value any
}

// Counts reports whether the finding asks for somebody's attention.
func (f Finding) Counts() bool { return f.Class != Benign && f.Accepted == nil }

// weight is the class that the finding counts as.
func (f Finding) weight() Class {
	if f.Accepted != nil {
		return Benign
	}
	return f.Class
}

// sorted returns findings with the worst first, then by object and path.
func sorted(findings []Finding) []Finding {
	return slices.SortedStableFunc(slices.Values(findings), func(a, b Finding) int {
		return cmp.Or(severity[b.weight()]-severity[a.weight()],
			strings.Compare(a.Object.String(), b.Object.String()), strings.Compare(a.Path, b.Path))
	})
}
