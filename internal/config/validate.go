package config

import (
	"cmp"
	"errors"
	"fmt"
	"strconv"

	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/dreamseed/platform/internal/invalid"
	"github.com/dreamseed/platform/services/catalogue"
)

func (c *Config) validate(problems *invalid.Problems) {
	c.validateEnvironment(problems)
	collect(c.Cluster.Validate(), problems)
	c.validateData(problems)
	if !c.LogLevel.Known() {
		problems.Add("logLevel", string(c.LogLevel), "%s", invalid.OneOf(catalogue.LogLevels()))
	}
	if c.RolloutDeadlineSeconds < 1 {
		problems.Add("rolloutDeadlineSeconds", c.RolloutDeadlineSeconds, "must be 1 or more")
	}
	for i, egress := range c.Egress {
		egress.Validate(fmt.Sprintf("egress[%d]", i), c.Closed(), problems)
	}
	for _, service := range c.Services {
		collect(service.Validate(c.surroundings(service)), problems)
	}
	c.validateMonitoring(problems)
	c.validateLogs(problems)
	c.validateIngress(problems)
	c.validateOperators(problems)
	c.Secrets.validate(problems)
	c.Cost.validate(problems)
	c.Quotas.validate(c.Peak(), problems)
}

func (c *Config) validateEnvironment(problems *invalid.Problems) {
	switch {
	case c.Environment == "":
		problems.Add("environment", nil, "%s", invalid.OneOf(Environments()))
	case !c.Environment.known():
		problems.Add("environment", string(c.Environment), "%s", invalid.OneOf(Environments()))
	}
}

// surroundings returns the environment that a service is checked against.
func (c *Config) surroundings(service catalogue.Service) catalogue.Surroundings {
	return catalogue.Surroundings{
		Image:           c.imageRule(service),
		Place:           Place(&c.Cluster),
		Pools:           pools(&c.Cluster),
		Closed:          c.Closed(),
		CountedRequests: c.PrometheusURL() != "",
		DeadlineSeconds: c.RolloutDeadlineSeconds,
		Sealing:         c.Secrets.sealing(),
	}
}

// imageRule returns the rule for the image of a service. It is stricter in environments that people other than the
// developer depend on.
func (c *Config) imageRule(service catalogue.Service) func(string) error {
	switch {
	case c.Environment == Local:
		return catalogue.CheckReference
	case c.Cluster.Cloud.Managed():
		return bothOf(catalogue.CheckPinned, catalogue.CheckRepository(service.Workload()))
	default:
		return bothOf(catalogue.CheckPinned, catalogue.CheckRegistry)
	}
}

func bothOf(first, second func(string) error) func(string) error {
	return func(image string) error { return cmp.Or(first(image), second(image)) }
}

func (q *Quotas) validate(peak catalogue.Demand, problems *invalid.Problems) {
	const atThePeak = ": what the services ask for at maxReplicas while all of them are released, beside their stores"
	notBelow(peak, q.Services, "quotas.services", "must be at least %s"+atThePeak, problems)
	notBelow(catalogue.Demand{}, q.Monitoring, "quotas.monitoring", "must be %s or more", problems)
}

func notBelow(need, quota catalogue.Demand, key, rule string, problems *invalid.Problems) {
	if quota.Pods < need.Pods {
		problems.Add(key+".pods", quota.Pods, rule, strconv.Itoa(need.Pods))
	}
	figures := []struct {
		key         string
		quota, need resource.Quantity
	}{
		{"requests.cpu", quota.Requests.CPU, need.Requests.CPU},
		{"requests.memory", quota.Requests.Memory, need.Requests.Memory},
		{"limits.cpu", quota.Limits.CPU, need.Limits.CPU},
		{"limits.memory", quota.Limits.Memory, need.Limits.Memory},
	}
	for _, figure := range figures {
		if figure.quota.Cmp(figure.need) < 0 {
			problems.Add(key+"."+figure.key, figure.quota.String(), rule, figure.need.String())
		}
	}
}

// collect adds the problems that a Validate returned.
func collect(err error, problems *invalid.Problems) {
	var found invalid.Problems
	if errors.As(err, &found) {
		*problems = append(*problems, found...)
	}
}
