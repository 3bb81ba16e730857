package config

import (
	"slices"

	"github.com/dreamseed/platform/internal/ingress"
	"github.com/dreamseed/platform/internal/invalid"
	"github.com/dreamseed/platform/internal/operator"
	"github.com/dreamseed/platform/services/catalogue"
)

// OperatorSource is the source of the operators that a stack uses.
type OperatorSource string

const (
	// Helm installs each operator from its chart, in a namespace of its own.
	Helm OperatorSource = "helm"
	// Present means that the operators are already installed.
	Present OperatorSource = "present"
)

// OperatorSources returns the allowed values.
func OperatorSources() []OperatorSource { return []OperatorSource{Helm, Present} }

// UsedOperators returns the operators that the stack uses, sorted. Unused operators are not installed.
func (c *Config) UsedOperators() []operator.Name {
	uses := map[operator.Name]bool{
		operator.ArgoRollouts:    c.releasesByRollout(),
		operator.CertManager:     c.Ingress.Enabled(),
		operator.ExternalSecrets: c.Secrets.Backend == ExternalSecrets,
		operator.SealedSecrets:   c.Secrets.Backend == SealedSecrets,
		operator.Traefik:         c.Ingress.Enabled() && c.Ingress.ClassName == ingress.Traefik,
	}
	return slices.DeleteFunc(operator.Names(), func(name operator.Name) bool { return !uses[name] })
}

func (c *Config) releasesByRollout() bool {
	return slices.ContainsFunc(c.Services, func(service catalogue.Service) bool {
		return service.Release.Strategy.ByRollout()
	})
}

func (c *Config) validateOperators(problems *invalid.Problems) {
	if !slices.Contains(OperatorSources(), c.Operators) {
		problems.Add("operators", string(c.Operators), "%s", invalid.OneOf(OperatorSources()))
	}
}
