package secrets

import "strings"

// Owner is the workload that Secrets belong to. The names of their objects follow from it, so another name gives it
// other Secrets. Generated, read and sealed values have different names: one origin of a value can take over from
// another, because the new Secret exists before the pods mount it and the former one exists as long as they do.
type Owner struct {
	// Name is the owner's name in the secret manager, for example auth.
	Name string
	// Workload is the owner's name in Kubernetes, for example auth-service.
	Workload string
}

// GeneratedSecret returns the name of the Kubernetes Secret for a generated value.
func (o Owner) GeneratedSecret(key string) string { return o.Workload + "-" + hyphenated(key) }

// ReadSecret returns the name of the Kubernetes Secret for a value that is read. It is named after the store, so that
// no key makes a GeneratedSecret of the same name.
func (o Owner) ReadSecret(key string) string { return o.store() + "-" + hyphenated(key) }

// SealedSecret returns the name of the Kubernetes Secret for a sealed value. The value is sealed for exactly this name.
func (o Owner) SealedSecret(key string) string { return o.Workload + "-sealed-" + hyphenated(key) }

// store returns the name of the SecretStore and of its service account.
func (o Owner) store() string { return o.Name + "-secrets" }

func hyphenated(key string) string { return strings.ReplaceAll(strings.ToLower(key), "_", "-") }
