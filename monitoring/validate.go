package monitoring

import (
	"fmt"
	"maps"
	"regexp"
	"slices"

	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/dreamseed/platform/internal/invalid"
	"github.com/dreamseed/platform/monitoring/objective"
	"github.com/dreamseed/platform/monitoring/prometheus"
	"github.com/dreamseed/platform/monitoring/scrape"
	"github.com/dreamseed/platform/services/catalogue"
)

// Surroundings describes the rest of the environment, against which the monitoring is checked.
type Surroundings struct {
	// MaxPods is the number of the services' pods at their peak.
	MaxPods int
	// Default is the environment's default. Where Prometheus is present, only its address may differ from it.
	Default Spec
	// Required reports whether people depend on the environment: then a page needs a receiver, and so does the heartbeat.
	Required bool
	// GrafanaHost checks the DNS name of Grafana against the ingress and the names of the environment.
	GrafanaHost func(key, host string, problems *invalid.Problems)
	// URL checks an address in the cluster or outside.
	URL func(key, url string, problems *invalid.Problems)
	// Sealing checks sealed values. Nil if the environment has none.
	Sealing *catalogue.Sealing
}

// Validate adds the mistakes of the spec to the problems.
func (s Spec) Validate(within Surroundings, problems *invalid.Problems) {
	if !slices.Contains(Sources(), s.Prometheus) {
		problems.Add("monitoring.prometheus", string(s.Prometheus), "%s", invalid.OneOf(Sources()))
		return
	}
	s.validateURL(within, problems)
	if !s.IsOwn() {
		s.validatePresent(within.Default, problems)
		return
	}
	if s.Replicas < 1 || s.Replicas > 2 {
		problems.Add("monitoring.replicas", s.Replicas, "must be 1 or 2")
	}
	s.validateRetention(within.MaxPods, problems)
	s.validateRemoteWrite(within, problems)
	s.validateReceivers(problems)
	s.validateRoutes(within, problems)
	s.validateGrafana(within, problems)
	catalogue.ValidateSecrets("monitoring.secrets", Owner.Name, s.Secrets, within.Sealing, problems)
	for _, key := range slices.Sorted(maps.Keys(s.Secrets)) {
		if !s.uses(key) {
			problems.AddSecret("monitoring.secrets."+key,
				"must not be given: neither a receiver, nor a remote store, nor monitoring.grafana.users names it")
		}
	}
}

func (s Spec) validateURL(within Surroundings, problems *invalid.Problems) {
	const key = "monitoring.url"
	if s.URL == "" {
		if !s.IsOwn() {
			problems.Add(key, nil, "must be the address of the Prometheus that is present: http://prometheus.monitoring:9090")
		}
		return
	}
	before := len(*problems)
	within.URL(key, s.URL, problems)
	if s.IsOwn() && len(*problems) == before {
		problems.Add(key, s.URL, "must not be given: the platform runs its own Prometheus (monitoring.prometheus)")
	}
}

// validatePresent refuses what only a Prometheus of the platform's own would heed.
func (s Spec) validatePresent(byDefault Spec, problems *invalid.Problems) {
	for _, one := range []struct {
		key       string
		value     any
		unchanged bool
	}{
		{"replicas", s.Replicas, s.Replicas == byDefault.Replicas},
		{"storage", s.Storage.String(), s.Storage.Cmp(byDefault.Storage) == 0},
		{"retentionDays", s.RetentionDays, s.RetentionDays == byDefault.RetentionDays},
		{"remoteWrite", fmt.Sprintf("%d stores", len(s.RemoteWrite)), len(s.RemoteWrite) == 0},
		{"receivers", s.receiverNames(), len(s.Receivers) == 0},
		{"grafana", s.Grafana, s.Grafana == Access{}},
		{"routes", s.Routes, s.Routes == Routes{}},
		{"secrets", slices.Sorted(maps.Keys(s.Secrets)), maps.Equal(s.Secrets, byDefault.Secrets)},
	} {
		if !one.unchanged {
			problems.Add("monitoring."+one.key, one.value,
				"must not be given: monitoring.prometheus is present, so somebody else configures it")
		}
	}
}

func (s Spec) validateRetention(pods int, problems *invalid.Problems) {
	if s.RetentionDays < objective.WindowDays {
		problems.Add("monitoring.retentionDays", s.RetentionDays,
			"must be %d or more: error budgets are counted over as many days", objective.WindowDays)
	}
	days := max(s.RetentionDays, objective.WindowDays) // so that the storage is not found to be too small only afterwards
	need := diskFor(pods, days)
	if prometheus.RetentionBytes(s.Storage) < need {
		problems.Add("monitoring.storage", s.Storage.String(),
			"must be larger for %d days (monitoring.retentionDays): they take %s, and a fifth of the volume stays free",
			days, resource.NewQuantity(need>>20<<20, resource.BinarySI))
	}
}

func (s Spec) validateRemoteWrite(within Surroundings, problems *invalid.Problems) {
	for i, store := range s.RemoteWrite {
		key := fmt.Sprintf("monitoring.remoteWrite[%d]", i)
		within.URL(key+".url", store.URL, problems)
		if store.Secret != "" {
			s.validateKey(key+".secret", store.Secret, problems)
		}
	}
}

// receiverName matches the names of receivers, which become parts of paths.
var receiverName = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$`)

func (s Spec) validateReceivers(problems *invalid.Problems) {
	seen := map[string]bool{}
	for i, one := range s.Receivers {
		key := fmt.Sprintf("monitoring.receivers[%d]", i)
		if !receiverName.MatchString(one.Name) {
			problems.Add(key+".name", one.Name, "must be lower-case letters, digits and hyphens")
		}
		if seen[one.Name] {
			problems.Add(key+".name", one.Name, "must be unique: another receiver has this name")
		}
		seen[one.Name] = true
		if !slices.Contains(scrape.ReceiverKinds(), one.Kind) {
			problems.Add(key+".kind", string(one.Kind), "%s", invalid.OneOf(scrape.ReceiverKinds()))
		}
		s.validateKey(key+".secret", one.Secret, problems)
	}
}

// validateKey checks that a credential has a source.
func (s Spec) validateKey(at, key string, problems *invalid.Problems) {
	if _, found := s.Secrets[key]; !found || key == GrafanaPassword {
		problems.Add(at, invalid.Given(key),
			"must be a key of monitoring.secrets, where the source of the credential is declared")
	}
}

func (s Spec) validateRoutes(within Surroundings, problems *invalid.Problems) {
	names := s.receiverNames()
	for _, route := range []struct {
		key, receiver string
		required      bool
	}{
		{"page", s.Routes.Page, within.Required}, {"ticket", s.Routes.Ticket, false},
		{"heartbeat", s.Routes.Heartbeat, within.Required},
	} {
		key := "monitoring.routes." + route.key
		switch {
		case route.receiver == "" && route.required:
			problems.Add(key, nil, "must name a receiver: nobody would learn of an outage")
		case route.receiver != "" && !slices.Contains(names, route.receiver):
			problems.Add(key, route.receiver, "must be a receiver (monitoring.receivers): %s", invalid.Listed(names))
		}
	}
}

func (s Spec) validateGrafana(within Surroundings, problems *invalid.Problems) {
	host, users := s.Grafana.Host, s.Grafana.Users
	if host == "" {
		if users != "" {
			problems.Add("monitoring.grafana.users", users,
				"must not be given without monitoring.grafana.host, which asks for them")
		}
		return
	}
	within.GrafanaHost("monitoring.grafana.host", host, problems)
	if s.isCredential(users) {
		problems.Add("monitoring.grafana.users", users, "must be a key of its own: a receiver or a remote store has this one")
	}
	s.validateKey("monitoring.grafana.users", users, problems)
	if users != GrafanaPassword && s.Secrets[users].Generate != 0 {
		problems.AddSecret("monitoring.secrets."+users+".generate",
			"must not be given: Grafana's users are names with hashes of their passwords, which nobody can generate")
	}
}

func (s Spec) receiverNames() []string {
	var names []string
	for _, one := range s.Receivers {
		names = append(names, one.Name)
	}
	return names
}

// uses reports whether anything reads the secret of a key.
func (s Spec) uses(key string) bool {
	return key == GrafanaPassword || key == s.Grafana.Users || s.isCredential(key)
}

// isCredential reports whether a receiver or a remote store has the secret of a key.
func (s Spec) isCredential(key string) bool {
	return slices.ContainsFunc(s.Receivers, func(one Receiver) bool { return one.Secret == key }) ||
		slices.ContainsFunc(s.RemoteWrite, func(one RemoteWrite) bool { return one.Secret == key })
}
