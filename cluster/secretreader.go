package cluster

import (
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

const (
	// SecretNamespace is what an existing cluster has in place of a cloud's secret manager: a namespace that whoever looks
	// after the cluster makes, fills and keeps. It is not the environment's, and outlives it.
	SecretNamespace = "secret-manager"
	// SecretProperty is the key of each Secret there that holds the value.
	SecretProperty = "value"
)

// SecretReaderArgs says whose secrets are to be read, and as whom.
type SecretReaderArgs struct {
	// Namespace and ServiceAccount name the Kubernetes service account that reads. No pod runs as it.
	Namespace      string
	ServiceAccount string
	// Names are the secrets that it may read, as SecretName makes them, and Prefix is what they begin with: no other
	// service's secrets do.
	Names  []string
	Prefix string
}

// SecretReader is an identity that reads the secrets of one service where their values are kept, and may do nothing
// else. It holds no static credential.
type SecretReader struct {
	// Annotations belong on the service account.
	Annotations pulumi.StringMap
	// StoreProvider is the field spec.provider of an External Secrets SecretStore, with its authentication as the service
	// account (https://external-secrets.io/latest/api/secretstore).
	StoreProvider pulumi.Map
	// Property is the part of a secret that holds its value. Empty where a secret is nothing but its value.
	Property string
	// Ready is what must exist before the first secret is read.
	Ready []pulumi.Resource
}

// SecretReaderBuilder registers a reader. The name is the prefix of its logical names.
type SecretReaderBuilder func(
	ctx *pulumi.Context, name string, args *SecretReaderArgs, opts ...pulumi.ResourceOption,
) (*SecretReader, error)

// SecretPrefix is what the names of a service's secrets begin with, wherever the values are kept.
func (s *Spec) SecretPrefix(service string) string { return s.Name + "-" + service + "-" }

// SecretName is the name under which the value of a service's secret is kept. It is the same in every secret manager,
// and made of what all of them take: lower-case letters, digits and hyphens. The key is one of a service's secrets,
// for example DATABASE_URL.
func (s *Spec) SecretName(service, key string) string {
	return s.SecretPrefix(service) + strings.ReplaceAll(strings.ToLower(key), "_", "-")
}
