package sandbox

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/dreamseed/platform/cluster"
	"github.com/dreamseed/platform/internal/config"
	"github.com/dreamseed/platform/services/catalogue"
)

// unfilled is the suffix of secret keys that get no value.
const unfilled = "_MISSING"

// fillSecretManager does what people do by hand in a real environment: it sets a value for every secret that the
// services read. Existing values are kept. The namespace that serves as the secret manager of an existing cluster also
// stands in for a cloud's secret manager: the stand-in built into External Secrets reads there too.
func (s *Sandbox) fillSecretManager(ctx context.Context, cfg *config.Config) error {
	if cfg.Secrets.Backend != config.ExternalSecrets {
		return nil
	}
	reader, err := s.plane.Reader()
	if err != nil {
		return err
	}
	var kept struct {
		Items []struct {
			Metadata struct {
				Name string `json:"name"`
			} `json:"metadata"`
		} `json:"items"`
	}
	path := "/api/v1/namespaces/" + cluster.SecretNamespace + "/secrets"
	if err := reader.ReadMetadata(ctx, path, &kept); err != nil {
		return fmt.Errorf("listing what the secret manager has: %w", err)
	}
	there := map[string]bool{}
	for _, secret := range kept.Items {
		there[secret.Metadata.Name] = true
	}
	missing := slices.DeleteFunc(secretsRead(cfg), func(secret object) bool {
		return there[secret["metadata"].(object)["name"].(string)]
	})
	if len(missing) == 0 {
		return nil
	}
	manifest, err := json.Marshal(object{"apiVersion": "v1", "kind": "List", "items": missing})
	if err != nil {
		return err
	}
	if _, err := s.plane.Kubectl(ctx, bytes.NewReader(manifest), "create", "--filename=-"); err != nil {
		return fmt.Errorf("filling the secret manager: %w", err)
	}
	return nil
}

// object is a Kubernetes object or a part of one.
type object = map[string]any

// secretsRead returns the secrets that are read from the secret manager, each with a random value.
func secretsRead(cfg *config.Config) []object {
	var all []object
	for _, owner := range cfg.SecretOwners() {
		for _, key := range owner.Keys() {
			if owner.Secrets[key].Generate > 0 || strings.HasSuffix(key, unfilled) {
				continue
			}
			all = append(all, object{
				"apiVersion": "v1", "kind": "Secret",
				"metadata":   object{"name": cfg.Cluster.SecretName(owner.Name, key), "namespace": cluster.SecretNamespace},
				"stringData": object{cluster.SecretProperty: randomValue(key)},
			})
		}
	}
	return all
}

// randomValue returns a random value.
func randomValue(key string) string {
	if key == catalogue.DatabaseURL {
		return fmt.Sprintf("postgresql://dreamseed:%s@postgresql:5432/dreamseed", rand.Text())
	}
	return rand.Text()
}
