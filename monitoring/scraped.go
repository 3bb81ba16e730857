package monitoring

import (
	"slices"

	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/dreamseed/platform/internal/replica"
	"github.com/dreamseed/platform/monitoring/prometheus"
	"github.com/dreamseed/platform/monitoring/scrape"
)

// alertmanagerStorage holds silences and the log of notifications, which are small.
var alertmanagerStorage = resource.MustParse("1Gi")

// scraped returns what a replica of Prometheus scrapes, and where it sends alerts and samples.
func (b *builder) scraped(replica string) scrape.Args {
	args := ScrapeArgs(b.args)
	args.Replica = replica
	args.Alertmanagers = b.alertmanager.Addresses
	for _, store := range b.args.Spec.RemoteWrite {
		remote := scrape.RemoteWrite{URL: store.URL}
		if store.Secret != "" {
			remote.CredentialsFile = prometheus.CredentialsPath + "/" + b.credentials[store.Secret].Key
		}
		args.RemoteWrite = append(args.RemoteWrite, remote)
	}
	return args
}

// ScrapeArgs returns what is scraped in an environment.
func ScrapeArgs(of *Args) scrape.Args {
	args := scrape.Args{
		Environment:         of.Environment,
		ServicesNamespace:   of.ServicesNamespace,
		MonitoringNamespace: of.Namespace,
		NodeAgentsNamespace: of.NodeAgents,
		RetentionDays:       of.Spec.RetentionDays,
		RetentionBytes:      prometheus.RetentionBytes(of.Spec.Storage),
		RuleFiles:           []string{prometheus.RulesPath + "/*.yml"},
		Logs:                of.Logs.Targets(of.Namespace, of.NodeAgents),
		Stores:              of.Stores.Targets,
	}
	for _, one := range of.Operators {
		if one.MetricsPort != 0 {
			args.Operators = append(args.Operators, scrape.Operator{
				Name: one.Namespace(), Namespace: one.Namespace(), Port: one.MetricsPort,
			})
		}
	}
	return args
}

// scrapedNamespaces returns the namespaces whose pods are scraped.
func (b *builder) scrapedNamespaces() []string {
	namespaces := []string{b.args.ServicesNamespace, b.args.Namespace, b.args.NodeAgents}
	for _, one := range ScrapeArgs(b.args).Operators {
		namespaces = append(namespaces, one.Namespace)
	}
	return namespaces
}

// remoteCredentials returns the credentials of the remote stores.
func (b *builder) remoteCredentials() []replica.Credential {
	var keys []string
	for _, store := range b.args.Spec.RemoteWrite {
		keys = append(keys, store.Secret)
	}
	return b.mounted(keys)
}

// mounted returns each credential of these keys once. An empty key means that there is none.
func (b *builder) mounted(keys []string) []replica.Credential {
	var credentials []replica.Credential
	for _, key := range slices.Compact(slices.Sorted(slices.Values(keys))) {
		if one, found := b.credentials[key]; found {
			credentials = append(credentials, replica.Credential{Secret: one.Name, Key: one.Key})
		}
	}
	return credentials
}
