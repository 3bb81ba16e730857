package config

import (
	"fmt"
	"slices"

	"github.com/dreamseed/platform/internal/invalid"
)

// Sealable holds the parts of an environment that sealing needs, for environments that keep secrets in the stack file.
type Sealable struct {
	Environment Environment
	// Certificate is the certificate in the file, not validated yet.
	Certificate string
	// Owners are the parts of the environment that declare secrets. Their sealed values are not validated yet.
	Owners []SecretOwner
}

// SealableFromStackFile reads a stack file whose configuration may be incomplete, as it is until every value is sealed.
// It reports every mistake in the parts that it reads.
func SealableFromStackFile(project, stack string) (*Sealable, error) {
	given, err := readStackFile(project, stack)
	if err != nil {
		return nil, err
	}
	problems := given.problems
	config := decode(given.values, &problems)
	problems = slices.DeleteFunc(problems, func(problem invalid.Problem) bool {
		return !slices.Contains([]string{"environment", "monitoring", "secrets", "services"}, problem.Section())
	})
	config.validateSealable(&problems)
	problems.Hide(ourKeys(given.secretKeys))
	problems.HideBelow(secretValues)
	if err := problems.Err(); err != nil {
		return nil, fmt.Errorf("reading the configuration of stack %s:\n%w", stack, err)
	}
	return &Sealable{config.Environment, config.Secrets.Certificate, config.SecretOwners()}, nil
}

func (c *Config) validateSealable(problems *invalid.Problems) {
	var found invalid.Problems
	c.validateEnvironment(&found)
	if c.Secrets.Backend != SealedSecrets {
		found.Add("secrets.backend", string(c.Secrets.Backend), "must be %s: no other one reads sealed values", SealedSecrets)
	}
	addWhereDecoded(found, problems)
}
