package live

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/dreamseed/platform/internal/externalsecret"
	"github.com/dreamseed/platform/internal/kube"
	"github.com/dreamseed/platform/internal/operator"
)

// sourceKind is a kind of object that an operator writes Secrets from, or a kind of store that holds their values.
type sourceKind struct {
	operator operator.Name
	name     string
	// path is the API path that lists the objects.
	path string
	// condition is the type of the condition that reports success.
	condition string
	// whatToDo is the remedy if the condition is not true.
	whatToDo string
}

var sourceKinds = []sourceKind{
	{operator.ExternalSecrets, "SecretStore", "/apis/external-secrets.io/v1/secretstores", "Ready",
		"let its service account read there, or mend the store"},
	{operator.ExternalSecrets, "ExternalSecret", "/apis/external-secrets.io/v1/externalsecrets", "Ready",
		"give it a value where the secrets are kept, under the name that is told"},
	{operator.SealedSecrets, "SealedSecret", "/apis/bitnami.com/v1alpha1/sealedsecrets", "Synced",
		"seal it for this stack with `dreamseed seal`"},
}

// secretSource holds the fields that are read from such an object.
type secretSource struct {
	Metadata metadata `json:"metadata"`
	Spec     struct {
		// RefreshPolicy and Target belong to an ExternalSecret.
		RefreshPolicy string `json:"refreshPolicy"`
		Target        struct {
			Template struct {
				Metadata metadata `json:"metadata"`
			} `json:"template"`
		} `json:"target"`
		// Data belongs to an ExternalSecret that reads a value, DataFrom to one that generates it, and EncryptedData to a
		// SealedSecret. Each has one key.
		Data []struct {
			SecretKey string `json:"secretKey"`
		} `json:"data"`
		DataFrom []struct {
			Rewrite []struct {
				Regexp struct {
					Target string `json:"target"`
				} `json:"regexp"`
			} `json:"rewrite"`
		} `json:"dataFrom"`
		EncryptedData map[string]string `json:"encryptedData"`
	} `json:"spec"`
	Status struct {
		Conditions conditions `json:"conditions"`
		// ObservedGeneration is set on a SealedSecret.
		ObservedGeneration generation `json:"observedGeneration"`
		// SyncedResourceVersion is set on an ExternalSecret: the generation that its Secret was last written from, a hyphen,
		// and a hash (https://github.com/external-secrets/external-secrets/blob/v0.20.4/pkg/controllers/util/util.go).
		SyncedResourceVersion string `json:"syncedResourceVersion"`
	} `json:"status"`

	kind sourceKind
	// said is the last warning of its operator.
	said string
}

// metadata holds the fields that are read from an object's metadata.
type metadata struct {
	Name              string            `json:"name"`
	Namespace         string            `json:"namespace"`
	Generation        generation        `json:"generation"`
	Labels            map[string]string `json:"labels"`
	Annotations       map[string]string `json:"annotations"`
	DeletionTimestamp string            `json:"deletionTimestamp"`
}

func (m metadata) id() string { return m.Namespace + "/" + m.Name }

// existing holds the metadata of Secrets, by namespace and name.
type existing map[string]metadata

// has reports whether there is the Secret of a source.
func (e existing) has(of metadata) bool {
	_, found := e[of.id()]
	return found
}

// warning is an Event of type Warning.
type warning struct {
	InvolvedObject struct {
		Kind      string `json:"kind"`
		Name      string `json:"name"`
		Namespace string `json:"namespace"`
	} `json:"involvedObject"`
	Message       string    `json:"message"`
	LastTimestamp time.Time `json:"lastTimestamp"`
}

// lastAbout returns the last warning about an object, or "" if there is none.
func lastAbout(source *secretSource, warnings []warning) string {
	var last warning
	for _, one := range warnings {
		about := one.InvolvedObject.Kind == source.kind.name && one.InvolvedObject.Name == source.Metadata.Name &&
			one.InvolvedObject.Namespace == source.Metadata.Namespace
		if about && !one.LastTimestamp.Before(last.LastTimestamp) {
			last = one
		}
	}
	return last.Message
}

// SecretProblems describes each Secret that could not be written: its service and key, the operator's message, and the
// remedy.
func (e *Environment) SecretProblems() []string {
	var problems []string
	for _, source := range e.sources {
		for _, one := range source.problems(e.secrets) {
			problems = append(problems, one.What)
		}
	}
	return problems
}

// problems returns why a Secret does not match its source, or nil if it does or if the source is being deleted.
func (s *secretSource) problems(secrets existing) []Problem {
	state := s.state()
	switch {
	case s.Metadata.DeletionTimestamp != "":
		return nil
	case s.failed():
		return s.problem(true, sentences(s.said, state.Message)+": "+s.kind.whatToDo)
	case state.Status != "True" || !s.seen():
		return s.problem(false, string(s.kind.operator)+" has not looked at it since it was changed")
	case s.written() && secrets.has(s.Metadata) && s.outdated(secrets[s.Metadata.id()]):
		return s.problem(true, "its Secret was written once, from another template: delete the Secret, and it is written "+
			"anew, with another password (docs/data.md)")
	case s.written() && !secrets.has(s.Metadata) && s.generated():
		return s.problem(true, "its Secret is gone, and nobody else has the value: bring the Secret back, or have another "+
			"value generated (docs/runbooks/secrets.md)")
	case s.written() && !secrets.has(s.Metadata):
		return s.problem(false, "its Secret is gone")
	}
	return nil
}

func (s *secretSource) problem(settled bool, why string) []Problem {
	what := fmt.Sprintf("%s has no secret%s: %s %s: %s",
		s.Metadata.Labels[kube.NameLabel], s.key(), s.kind.name, s.Metadata.Name, why)
	return []Problem{{What: what, Settled: settled}}
}

// state returns the condition that reports success, or an empty one if the operator has not set it yet.
func (s *secretSource) state() condition { return s.Status.Conditions.of(s.kind.condition) }

// failed reports whether the operator has tried and failed.
func (s secretSource) failed() bool { return s.state().Status == "False" }

// seen reports whether the state belongs to the current generation of the object. A store does not record this.
func (s *secretSource) seen() bool {
	switch s.kind.name {
	case "ExternalSecret":
		of, _, seen := strings.Cut(s.Status.SyncedResourceVersion, "-")
		return seen && (s.once() || of == strconv.Itoa(int(s.Metadata.Generation)))
	case "SealedSecret":
		return s.Status.ObservedGeneration == s.Metadata.Generation
	}
	return true
}

// written reports whether a Secret of the same name is written from the object.
func (s *secretSource) written() bool { return s.kind.name != "SecretStore" }

// once reports whether the operator writes the Secret again only after it was deleted.
func (s *secretSource) once() bool { return s.Spec.RefreshPolicy == externalsecret.WrittenOnce }

// outdated reports whether a Secret was written once, from another template than its source has now.
func (s *secretSource) outdated(secret metadata) bool {
	const template = externalsecret.TemplateAnnotation
	return s.once() && secret.Annotations[template] != s.Spec.Target.Template.Metadata.Annotations[template]
}

// generated reports whether nobody else has the value, and no other is generated.
func (s *secretSource) generated() bool { return len(s.Spec.DataFrom) > 0 && !s.once() }

// key returns the key of the service's secret after a space, or "" for a store, which serves all keys.
func (s *secretSource) key() string {
	for _, data := range s.Spec.Data {
		return " " + data.SecretKey
	}
	for _, from := range s.Spec.DataFrom {
		for _, to := range from.Rewrite {
			return " " + to.Regexp.Target
		}
	}
	for key := range s.Spec.EncryptedData {
		return " " + key
	}
	return ""
}
