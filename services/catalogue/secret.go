package catalogue

import (
	"fmt"
	"maps"
	"regexp"
	"slices"

	"github.com/dreamseed/platform/internal/invalid"
)

// Secret describes the source of one of a service's secrets. Without any field the value is read from the secret
// manager, under the name that cluster.Spec.SecretName returns.
//
// The pods find the value in the file /app/secrets/<key>. A changed value appears in the same file: the service reads
// it again. Adding or removing a key rolls the pods.
type Secret struct {
	// Generate, with the backend externalSecrets, generates a password of this length once. The value exists only in the
	// cluster, and stays there when the key is no longer declared. A changed length applies only to passwords generated
	// from then on. 16 to 128. Default 0: the value is read from the secret manager.
	Generate int `json:"generate"`
	// Sealed, with the backend sealedSecrets, is the output of `dreamseed seal` for this service and this environment.
	// Required there, refused with the other backend.
	Sealed string `json:"sealed"`
}

// SecretKeys returns the keys of the service's secrets, sorted.
func (s Service) SecretKeys() []string { return slices.Sorted(maps.Keys(s.Secrets)) }

// Bounds of a generated password: shorter ones can be guessed, longer ones may be refused by an external system.
const (
	minGenerated = 16
	maxGenerated = 128
)

// secretKey matches the keys of secrets: names of environment variables, which are valid file names too. The length
// limit leaves room for the rest of the name in every secret manager.
var secretKey = regexp.MustCompile(`^[A-Z][A-Z0-9]*(_[A-Z0-9]+)*$`)

const maxSecretKey = 63

// CheckSecretKey returns an error unless the name is a valid key for a secret.
func CheckSecretKey(name string) error {
	if !secretKey.MatchString(name) || len(name) > maxSecretKey {
		return fmt.Errorf("must be called like an environment variable: capital letters, digits and single underscores, "+
			"at most %d", maxSecretKey)
	}
	return nil
}

func (s Service) validateSecrets(key string, within Surroundings, problems *invalid.Problems) {
	ValidateSecrets(key, s.Name, s.Secrets, within.Sealing, problems)
	for _, name := range s.SecretKeys() {
		if _, plain := s.Config[name]; plain {
			problems.AddSecret("services."+s.Name+".config."+name,
				"must not be here in clear: it is one of the service's secrets (%s.%s)", key, name)
		}
	}
}

// ValidateSecrets adds the mistakes of an owner's secrets below key to the problems. Sealing is nil in an environment
// without sealed values.
func ValidateSecrets(
	key, owner string, secrets map[string]Secret, sealing *Sealing, problems *invalid.Problems,
) {
	for _, name := range slices.Sorted(maps.Keys(secrets)) {
		at := key + "." + name
		if err := CheckSecretKey(name); err != nil {
			problems.AddSecret(at, "%v", err)
		}
		secrets[name].validate(at, owner, name, sealing, problems)
	}
}

func (s Secret) validate(at, owner, key string, sealing *Sealing, problems *invalid.Problems) {
	if s.Generate != 0 && (s.Generate < minGenerated || s.Generate > maxGenerated) {
		problems.Add(at+".generate", s.Generate, "must be from %d to %d characters", minGenerated, maxGenerated)
	}
	sealing.validate(at+".sealed", owner, key, s.Sealed, problems)
}

// Sealing configures how an environment's sealed values are checked. Nil if it has none.
type Sealing struct {
	// Check returns an error unless the value has the form of a sealed one. The error does not contain the value.
	Check func(sealed string) error
	// Optional reports whether nothing needs the values yet.
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
