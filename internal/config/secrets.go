package config

import (
	"slices"

	"github.com/dreamseed/platform/internal/invalid"
	"github.com/dreamseed/platform/internal/sealing"
	"github.com/dreamseed/platform/services/catalogue"
)

// SecretBackend says where the values of the services' secrets are kept.
type SecretBackend string

const (
	// ExternalSecrets keeps them in the cloud's secret manager, and on an existing cluster in a namespace of it.
	ExternalSecrets SecretBackend = "externalSecrets"
	// SealedSecrets keeps them in the stack's file, encrypted for the cluster's controller.
	SealedSecrets SecretBackend = "sealedSecrets"
)

// SecretBackends lists the allowed values.
func SecretBackends() []SecretBackend { return []SecretBackend{ExternalSecrets, SealedSecrets} }

// Secrets says where the values of the services' secrets come from.
type Secrets struct {
	// Backend is externalSecrets by default. Changing it on a running environment makes the other operator write the
	// services' Secrets, and rolls every service onto them.
	Backend SecretBackend `json:"backend"`
	// Bootstrap, with the backend sealedSecrets, builds everything but the services, so that the controller can make its
	// key: without that nothing can be sealed. Default false. Setting it on a running environment deletes the services.
	Bootstrap bool `json:"bootstrap"`
	// RefreshSeconds is how often External Secrets looks for changed values. Default 60: with what the kubelet takes, a
	// changed value is in the pods within two to three minutes. Each look is a call to the secret manager for each secret.
	RefreshSeconds int `json:"refreshSeconds"`
	// Certificate is the public certificate of Sealed Secrets' controller, in PEM, that values are sealed with. It is no
	// secret. `dreamseed seal` keeps it up to date.
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
		// Somebody may have taken the private key for it.
		problems.AddSecret("secrets.certificate", "%v", err)
	}
}

// sealing is how the services' sealed values are checked.
func (s Secrets) sealing() *catalogue.Sealing {
	if s.Backend != SealedSecrets {
		return nil
	}
	return &catalogue.Sealing{Check: sealing.Check, Optional: s.Bootstrap}
}
