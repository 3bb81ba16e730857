package config

import (
	"cmp"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/internal/ingress"
	"github.com/dreamseed/platform/internal/invalid"
	"github.com/dreamseed/platform/internal/namespace"
	"github.com/dreamseed/platform/internal/operator"
	"github.com/dreamseed/platform/monitoring/exporter"
	"github.com/dreamseed/platform/monitoring/logging"
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

// UsedOperators returns the names of the operators that the stack uses, sorted. Unused operators are not installed.
func (c *Config) UsedOperators() []operator.Name {
	var names []operator.Name
	for _, used := range c.OperatorsOn(nil) {
		names = append(names, used.Name)
	}
	return slices.Compact(names)
}

// secretNamespaces returns the namespaces with Secrets that an operator writes.
func (c *Config) secretNamespaces() []string {
	namespaces := []string{c.Environment.Namespace()}
	if c.Monitoring.IsOwn() {
		namespaces = append(namespaces, MonitoringNamespace)
	}
	return namespaces
}

// drawing returns the namespaces in which External Secrets draws passwords, whatever writes the other Secrets: those of
// the data stores, and those of Elasticsearch, one of which it carries to the collectors.
func (c *Config) drawing() []string {
	var namespaces []string
	if c.Data.Draws() {
		namespaces = append(namespaces, c.Environment.Namespace())
	}
	if c.Logs.Store == logging.Elastic {
		namespaces = append(namespaces, MonitoringNamespace, exporter.NodeAgentsNamespace)
	}
	return namespaces
}

// secretOperators returns the operators that write Secrets.
func (c *Config) secretOperators() []operator.Operator {
	if c.Secrets.Backend == SealedSecrets {
		return append(c.Secrets.operators(c.secretNamespaces()), externalSecretsIn(c.drawing())...)
	}
	namespaces := c.secretNamespaces()
	for _, further := range c.drawing() {
		if !slices.Contains(namespaces, further) {
			namespaces = append(namespaces, further)
		}
	}
	return externalSecretsIn(namespaces)
}

// OperatorsOn returns the operators that the features of the stack need, sorted by name, on a cluster whose Services of
// type LoadBalancer need these annotations.
func (c *Config) OperatorsOn(serviceAnnotations pulumi.StringMap) []operator.Operator {
	needed := slices.Concat(
		c.releaseOperators(),
		c.scalingOperators(),
		c.secretOperators(),
		c.dataOperators(),
		c.logOperators(),
		c.Ingress.Operators(ingress.OperatorsArgs{
			Backends:           c.backends(),
			ServiceAnnotations: serviceAnnotations,
		}),
	)
	slices.SortFunc(needed, func(a, b operator.Operator) int { return cmp.Compare(a.Namespace(), b.Namespace()) })
	return needed
}

// backends returns the pods that routes of the ingress lead to.
func (c *Config) backends() []ingress.Backend {
	all := []ingress.Backend{c.ServicesBackend()}
	if c.Monitoring.Grafana.Host != "" {
		all = append(all, c.Monitoring.GrafanaBackend(MonitoringNamespace))
	}
	return all
}

// IngressNamespaces returns the namespaces with routes of the ingress.
func (c *Config) IngressNamespaces() []string {
	var names []string
	for _, one := range c.backends() {
		names = append(names, one.Namespace)
	}
	return names
}

// ServicesBackend returns the services' pods as routes lead to them.
func (c *Config) ServicesBackend() ingress.Backend {
	return ingress.Backend{Namespace: c.Environment.Namespace(), Pods: c.ServicePods(), Port: catalogue.Port}
}

func (c *Config) releaseOperators() []operator.Operator {
	if !c.releasesByRollout() {
		return nil
	}
	return []operator.Operator{operator.NewArgoRollouts(operator.ArgoRolloutsArgs{Prometheus: prometheus})}
}

// scalingOperators returns KEDA where a service scales by its requests. The others need no operator.
func (c *Config) scalingOperators() []operator.Operator {
	if !slices.ContainsFunc(c.Services, func(service catalogue.Service) bool {
		return service.Autoscaling.RequestsPerSecond > 0
	}) {
		return nil
	}
	return []operator.Operator{operator.NewKEDA(operator.KEDAArgs{
		Namespace: c.Environment.Namespace(), Prometheus: prometheus,
	})}
}

// prometheus is the endpoint that answers queries in the monitoring namespace.
var prometheus = namespace.Peer{Namespace: MonitoringNamespace, TCP: []int{9090}}

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
