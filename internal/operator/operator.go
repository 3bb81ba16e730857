// Package operator describes the operators that the platform may use, one file each: its chart with the values, the
// connections that it needs, and the ports that it opens.
package operator

import (
	"cmp"

	"github.com/dreamseed/platform/internal/namespace"
)

// Name is the name of an operator. Its Helm release and namespace have this name in a real environment, its program in
// the sandbox.
type Name string

// Names returns the operators, sorted.
func Names() []Name {
	return []Name{
		ArgoRollouts, CertManager, CloudNativePG, ECK, ExternalSecrets, KEDA, SealedSecrets, Strimzi, Traefik,
	}
}

// Operator is an operator of one environment.
type Operator struct {
	Name Name
	// Release is the name of its Helm release and of the namespace that it runs in. Default: its name. An operator that
	// serves one namespace only has a release for each.
	Release string
	// MetricsPort is the port on which its pods serve their metrics. Default: none is scraped.
	MetricsPort int
	// Queries reports whether it asks Prometheus.
	Queries bool
	// chart is pinned to the release whose source the sandbox is built from.
	// docs/decisions/operators-helm-or-present.md lists the charts that a test renders.
	chart chart
	// policies allow the connections of its own function.
	policies []namespace.Policy
}

// Namespace returns the namespace that the operator runs in.
func (o Operator) Namespace() string { return cmp.Or(o.Release, string(o.Name)) }

// Policies returns the policies that allow what the operator connects to: the API server, whose address the cloud does
// not publish, and what its own function needs. Name resolution is open in every namespace.
func (o Operator) Policies() []namespace.Policy {
	return append([]namespace.Policy{{
		Name: "allow-api-server", Direction: namespace.Egress, Peers: []namespace.Peer{namespace.APIServer()},
	}}, o.policies...)
}
