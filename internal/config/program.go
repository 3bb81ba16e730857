package config

import (
	"encoding/json"
	"fmt"
	"os"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// FromEngine loads the configuration of the running Pulumi program. The SDK's config package reads keys one by one
// and so cannot see an unknown one; the engine hands over all of them in the environment, and that is read here.
func FromEngine() (*Config, error) {
	var values map[string]string
	if err := fromEnvironment(pulumi.EnvConfig, &values); err != nil {
		return nil, err
	}
	var secretKeys []string
	if err := fromEnvironment(pulumi.EnvConfigSecretKeys, &secretKeys); err != nil {
		return nil, err
	}
	return Load(values, secretKeys)
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
