package config

import "slices"

// Environment is the purpose of a stack. It names the namespaces and decides how strict the rules are.
type Environment string

// The environments.
const (
	Local      Environment = "local"
	Staging    Environment = "staging"
	Production Environment = "production"
)

// Environments returns the allowed values in the order in which messages name them.
func Environments() []Environment { return []Environment{Local, Staging, Production} }

// Namespace returns the namespace of the environment's services.
func (e Environment) Namespace() string { return "dreamseed-" + string(e) }

// MonitoringNamespace is the namespace of the monitoring stack.
const MonitoringNamespace = "dreamseed-monitoring"

func (e Environment) known() bool { return slices.Contains(Environments(), e) }
