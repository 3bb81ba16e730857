package live

import (
	"github.com/dreamseed/platform/internal/operator"
)

// heldKind is a kind of object that an operator makes in a data store.
type heldKind struct {
	operator   operator.Name
	name, path string
	// problem returns why the object is not as it says, or "", and whether the operator has refused it.
	problem func(held) (why string, refused bool)
}

var heldKinds = []heldKind{
	{operator.CloudNativePG, "DatabaseRole", "/apis/postgresql.cnpg.io/v1/databaseroles", held.unapplied},
	{operator.CloudNativePG, "Database", "/apis/postgresql.cnpg.io/v1/databases", held.unapplied},
	{operator.Strimzi, "KafkaTopic", "/apis/kafka.strimzi.io/v1/kafkatopics", held.unready},
	{operator.Strimzi, "KafkaUser", "/apis/kafka.strimzi.io/v1/kafkausers", held.unready},
}

// held holds the fields that are read from such an object.
type held struct {
	Metadata metadata `json:"metadata"`
	Status   struct {
		ObservedGeneration generation `json:"observedGeneration"`
		// Applied and Message are set by CloudNativePG, and Conditions by Strimzi. Applied is nil before the first try.
		Applied    *bool      `json:"applied"`
		Message    string     `json:"message"`
		Conditions conditions `json:"conditions"`
	} `json:"status"`
}

// hasNotLooked is said of an object whose operator has not seen its current generation.
const hasNotLooked = "its operator has not looked at it since it was changed"

// problems returns why an object is not in its store, or nil if it is or if the object is being deleted.
func (h held) problems(kind heldKind) []Problem {
	why, refused := kind.problem(h)
	if why == "" || h.Metadata.DeletionTimestamp != "" {
		return nil
	}
	return []Problem{{What: kind.name + " " + h.Metadata.Name + ": " + why, Settled: refused}}
}

// unapplied judges a role or a database. CloudNativePG notes the generation only of what it has applied
// (https://github.com/cloudnative-pg/cloudnative-pg/blob/v1.30.0/internal/management/controller/common.go).
func (h held) unapplied() (why string, refused bool) {
	switch applied := h.Status.Applied; {
	case applied != nil && !*applied:
		return sentences("it is not applied", h.Status.Message), true
	case applied == nil || h.Status.ObservedGeneration != h.Metadata.Generation:
		return sentences(hasNotLooked, h.Status.Message), false
	}
	return "", false
}

// unready judges a topic or a user.
func (h held) unready() (why string, refused bool) {
	return strimziProblem(h.Metadata, h.Status.ObservedGeneration, h.Status.Conditions)
}
