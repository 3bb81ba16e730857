package config

import (
	"fmt"
	"slices"

	"github.com/dreamseed/platform/internal/invalid"
	"github.com/dreamseed/platform/services/catalogue"
)

// Sealable is what sealing the values of secrets needs to know of an environment that keeps them in its stack's file.
type Sealable struct {
	Environment Environment
	// Certificate is what stands in the file, not looked at yet.
	Certificate string
	// Services are the seven services. Only their secrets are read, and no sealed value is looked at yet.
	Services []catalogue.Service
}

// SealableFromStackFile reads a stack's file whose configuration need not be complete: until every value is sealed, it
// is not. What is wrong in the parts that are read is reported at once.
func SealableFromStackFile(project, stack string) (*Sealable, error) {
	given, err := readStackFile(project, stack)
	if err != nil {
		return nil, err
	}
	problems := given.problems
	config := decode(given.values, &problems)
	problems = slices.DeleteFunc(problems, func(problem invalid.Problem) bool {
		return !slices.Contains([]string{"environment", "secrets", "services"}, problem.Section())
	})
	config.validateSealable(&problems)
	problems.Hide(ourKeys(given.secretKeys))
	problems.HideBelow(secretValues)
	if err := problems.Err(); err != nil {
		return nil, fmt.Errorf("reading the configuration of stack %s:\n%w", stack, err)
	}
	return &Sealable{config.Environment, config.Secrets.Certificate, config.Services}, nil
}

func (c *Config) validateSealable(problems *invalid.Problems) {
	var found invalid.Problems
	c.validateEnvironment(&found)
	if c.Secrets.Backend != SealedSecrets {
		found.Add("secrets.backend", string(c.Secrets.Backend), "must be %s: no other one reads sealed values", SealedSecrets)
	}
	addWhereDecoded(found, problems)
}
