package cluster

import (
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

const (
	// SecretNamespace takes the place of a cloud's secret manager on an existing cluster: a namespace that the cluster's
	// administrator creates, fills and keeps. It does not belong to the environment, and outlives it.
	SecretNamespace = "secret-manager"
	// SecretProperty is the key of each Secret in it that holds the value.
	SecretProperty = "value"
)

// SecretReaderArgs names the secrets to read and the service account that reads them.
type SecretReaderArgs struct {
	// Namespace and ServiceAccount name the Kubernetes service account that reads. No pod runs as it.
	Namespace      string
	ServiceAccount string
	// Names are the secrets that it may read, as SecretName builds them. Prefix is their common prefix; no other service's
	// secrets have it.
	Names  []string
	Prefix string
}

// SecretReader is an identity that may read the secrets of one service from their store, and may do nothing else. It
// holds no static credential.
type SecretReader struct {
	// Annotations belong on the service account.
	Annotations pulumi.StringMap
	// StoreProvider is the field spec.provider of an External Secrets SecretStore, which authenticates as the service
	// account (https://external-secrets.io/latest/api/secretstore).
	StoreProvider pulumi.Map
	// Property is the field of a secret that holds its value. Empty where the secret is the value.
	Property string
	// Ready lists what must exist before the first secret is read.
	Ready []pulumi.Resource
}

// SecretReaderBuilder registers a reader. The name is the prefix of the logical names of its resources.
type SecretReaderBuilder func(
	ctx *pulumi.Context, name string, args *SecretReaderArgs, opts ...pulumi.ResourceOption,
) (*SecretReader, error)

// SecretPrefix returns the prefix of the names of a service's secrets, the same in every store.
func (s *Spec) SecretPrefix(service string) string { return s.Name + "-" + service + "-" }

// SecretName returns the name that the store has for a service's secret. It is the same in every secret manager, and
// uses the characters that all of them accept: lower-case letters, digits and hyphens. The key is one of the service's
// secrets, for example DATABASE_URL.
func (s *Spec) SecretName(service, key string) string {
	return s.SecretPrefix(service) + strings.ReplaceAll(strings.ToLower(key), "_", "-")
}
