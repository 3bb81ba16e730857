package catalogue

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/dreamseed/platform/internal/invalid"
)

// Secret says where the value of one of a service's secrets comes from. Without any field it is read from the secret
// manager, under the name that cluster.Spec.SecretName gives it.
//
// The pods find the value in the file /app/secrets/<key>, and a changed value in the same file: who uses it reads it
// again. Adding or removing a key rolls the pods.
type Secret struct {
	// Generate, with the backend externalSecrets, draws a password of so many characters once and for all: the value is
	// in the cluster and nowhere else, and stays there when the key is not declared any more. Another length is for what
	// is drawn from then on. 16 to 128. Default 0: the value is read from the secret manager.
	Generate int `json:"generate"`
	// Sealed, with the backend sealedSecrets, is the value as `dreamseed seal` encrypted it for this service and this
	// environment. Required there, refused with the other backend.
	Sealed string `json:"sealed"`
}

// DatabaseURL is the key of the secret with the URL of a service's database, its password included.
const DatabaseURL = "DATABASE_URL"

// SecretKeys are the keys of the service's secrets, sorted.
func (s Service) SecretKeys() []string { return slices.Sorted(maps.Keys(s.Secrets)) }

// DrawnObject is the name of the Kubernetes Secret with the value of a key that was drawn. The names of those that are
// drawn, read and sealed differ, so that one origin of a value can take over from another: the new Secret is there
// before the pods mount it, and the former one as long as they do.
func (s Service) DrawnObject(key string) string { return s.Workload() + "-" + hyphenated(key) }

// ReadObject is the name of the Kubernetes Secret with the value of a key that is read: it is named after the store
// that it is read through. No key of the service makes a DrawnObject of the same name.
func (s Service) ReadObject(key string) string { return s.SecretStore() + "-" + hyphenated(key) }

// SecretStore is the name of the service's way to the secret manager, and of who goes it.
func (s Service) SecretStore() string { return s.Name + "-secrets" }

// SealedObject is the name of the Kubernetes Secret with the value of a key that was sealed, for exactly this name.
func (s Service) SealedObject(key string) string { return s.Workload() + "-sealed-" + hyphenated(key) }

func hyphenated(key string) string { return strings.ReplaceAll(strings.ToLower(key), "_", "-") }

// The bounds of a generated password: what can be guessed, and what an external system may take.
const (
	minGenerated = 16
	maxGenerated = 128
)

// secretKey is what a secret may be called: the name of an environment variable, which is as good a file name. Its
// length leaves room for the rest of the name in every secret manager.
var secretKey = regexp.MustCompile(`^[A-Z][A-Z0-9]*(_[A-Z0-9]+)*$`)

const maxSecretKey = 63

// CheckSecretKey says whether one of a service's secrets may be called so.
func CheckSecretKey(name string) error {
	if !secretKey.MatchString(name) || len(name) > maxSecretKey {
		return fmt.Errorf("must be called like an environment variable: capital letters, digits and single underscores, "+
			"at most %d", maxSecretKey)
	}
	return nil
}

func (s Service) validateSecrets(key string, within Surroundings, problems *invalid.Problems) {
	for _, name := range s.SecretKeys() {
		at := key + "." + name
		if err := CheckSecretKey(name); err != nil {
			problems.AddSecret(at, "%v", err)
		}
		s.Secrets[name].validate(at, s.Name, name, within, problems)
		if _, plain := s.Config[name]; plain {
			problems.AddSecret("services."+s.Name+".config."+name,
				"must not be here in clear: it is one of the service's secrets (%s)", at)
		}
	}
}

func (s Secret) validate(at, service, key string, within Surroundings, problems *invalid.Problems) {
	if s.Generate != 0 && (s.Generate < minGenerated || s.Generate > maxGenerated) {
		problems.Add(at+".generate", s.Generate, "must be from %d to %d characters", minGenerated, maxGenerated)
	}
	within.Sealing.validate(at+".sealed", service, key, s.Sealed, problems)
}

// Sealing is how an environment's sealed values are checked. Nil where it has none.
type Sealing struct {
	// Check says whether a value has the form of a sealed one, in an error that does not hold the value.
	Check func(sealed string) error
	// Optional says that nothing needs the values yet.
	Optional bool
}

func (s *Sealing) validate(at, service, key, sealed string, problems *invalid.Problems) {
	switch {
	case s == nil && sealed != "":
		problems.AddSecret(at, "must not be given: only the backend sealedSecrets reads it (secrets.backend)")
	case s == nil || sealed == "" && s.Optional:
	case sealed == "":
		problems.Add(at, nil, "must be sealed: run `dreamseed seal --stack <stack> --service %s --key %s`", service, key)
	default:
		if err := s.Check(sealed); err != nil {
			problems.AddSecret(at, "%v: run `dreamseed seal --stack <stack> --service %s --key %s`", err, service, key)
		}
	}
}
