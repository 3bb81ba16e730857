package config

import (
	"slices"
	"strings"

	"github.com/dreamseed/platform/internal/invalid"
	"github.com/dreamseed/platform/internal/operator"
	"github.com/dreamseed/platform/internal/sealing"
	"github.com/dreamseed/platform/services/catalogue"
)

// SecretBackend is the place that keeps the values of the services' secrets.
type SecretBackend string

const (
	// ExternalSecrets keeps them in the cloud's secret manager, or, on an existing cluster, in a namespace of that
	// cluster.
	ExternalSecrets SecretBackend = "externalSecrets"
	// SealedSecrets keeps them in the stack file, encrypted for the cluster's controller.
	SealedSecrets SecretBackend = "sealedSecrets"
)

// SecretBackends returns the allowed values.
func SecretBackends() []SecretBackend { return []SecretBackend{ExternalSecrets, SealedSecrets} }

// Secrets configures the source of the values of the services' secrets.
type Secrets struct {
	// Backend is externalSecrets by default. Changing it on a running environment makes the other operator write the
	// services' Secrets, and rolls every service onto them.
	Backend SecretBackend `json:"backend"`
	// Bootstrap, with the backend sealedSecrets, builds everything but the services, so that the controller can create its
	// key: nothing can be sealed before that. Default false. Setting it on a running environment deletes the services.
	Bootstrap bool `json:"bootstrap"`
	// RefreshSeconds is the interval at which External Secrets looks for changed values. Default 60: together with the
	// kubelet's delay, a changed value reaches the pods within two to three minutes. Each refresh calls the secret manager
	// once for each secret.
	RefreshSeconds int `json:"refreshSeconds"`
	// Certificate is the public certificate of the Sealed Secrets controller, in PEM, with which values are sealed. It is
	// not secret. `dreamseed seal` keeps it up to date.
	Certificate string `json:"certificate"`
}

func (s Secrets) validate(problems *invalid.Problems) {
	if !slices.Contains(SecretBackends(), s.Backend) {
		problems.Add("secrets.backend", string(s.Backend), "%s", invalid.OneOf(SecretBackends()))
	}
	if s.RefreshSeconds < 1 {
		problems.Add("secrets.refreshSeconds", s.RefreshSeconds, "must be 1 or more")
	}
	if s.Bootstrap && s.Backend != SealedSecrets {
		problems.Add("secrets.bootstrap", true, "must be false: only the backend %s has a key to make first", SealedSecrets)
	}
	if s.Certificate == "" {
		return
	}
	if s.Backend != SealedSecrets {
		problems.Add("secrets.certificate", nil, "must not be given: only the backend %s reads it", SealedSecrets)
	}
	if _, err := sealing.ParseCertificate([]byte(s.Certificate)); err != nil {
		// A user may have given the private key by mistake.
		problems.AddSecret("secrets.certificate", "%v", err)
	}
}

// operators returns the operators that write the Secrets of these namespaces, the first of which is the services'.
func (s Secrets) operators(namespaces []string) []operator.Operator {
	if s.Backend == SealedSecrets {
		return []operator.Operator{operator.NewSealedSecrets(operator.SealedSecretsArgs{Namespaces: namespaces})}
	}
	return externalSecretsIn(namespaces)
}

// externalSecretsIn returns a release of External Secrets for each namespace.
func externalSecretsIn(namespaces []string) []operator.Operator {
	if len(namespaces) == 0 {
		return nil
	}
	needed := []operator.Operator{operator.NewExternalSecrets(operator.ExternalSecretsArgs{Namespace: namespaces[0]})}
	for _, further := range namespaces[1:] {
		needed = append(needed, operator.NewExternalSecrets(operator.ExternalSecretsArgs{
			Namespace: further, Release: string(operator.ExternalSecrets) + "-" + strings.TrimPrefix(further, "dreamseed-"),
		}))
	}
	return needed
}

// sealing returns how the services' sealed values are checked.
func (s Secrets) sealing() *catalogue.Sealing {
	if s.Backend != SealedSecrets {
		return nil
	}
	return &catalogue.Sealing{Check: sealing.Check, Optional: s.Bootstrap}
}
