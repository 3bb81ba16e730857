package config

import (
	"encoding/json"
	"fmt"
	"os"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// FromEngine loads the configuration of the running Pulumi program. The SDK's config package reads keys one by one and
// so cannot see an unknown one; FromEngine reads the environment, in which the engine passes all of them.
func FromEngine() (*Config, error) {
	var values map[string]string
	if err := fromEnvironment(pulumi.EnvConfig, &values); err != nil {
		return nil, err
	}
	var secretKeys []string
	if err := fromEnvironment(pulumi.EnvConfigSecretKeys, &secretKeys); err != nil {
		return nil, err
	}
	all := given{values: values, secretKeys: secretKeys}
	// The engine starts a program in its project's folder. If the stack file is elsewhere, it cannot be checked.
	if content, err := os.ReadFile(stackFile(".", os.Getenv(pulumi.EnvStack))); err == nil {
		checkSyntax(content, &all.problems)
	}
	return load(all)
}

func fromEnvironment(variable string, target any) error {
	encoded := os.Getenv(variable)
	if encoded == "" {
		return nil
	}
	if err := json.Unmarshal([]byte(encoded), target); err != nil {
		// The value may hold secrets, and a JSON error quotes it.
		return fmt.Errorf("reading %s: it is not the JSON that the Pulumi engine writes", variable)
	}
	return nil
}
