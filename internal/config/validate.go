package config

import (
	"errors"
	"fmt"
	"net/url"
	"strings"

	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/dreamseed/platform/internal/invalid"
	"github.com/dreamseed/platform/services/catalogue"
)

func (c *Config) validate(problems *invalid.Problems) {
	c.validateEnvironment(problems)
	collect(c.Cluster.Validate(), problems)
	c.validateDataStores(problems)
	if !c.LogLevel.Known() {
		problems.Add("logLevel", string(c.LogLevel), "%s", invalid.OneOf(catalogue.LogLevels()))
	}
	if c.RolloutDeadlineSeconds < 1 {
		problems.Add("rolloutDeadlineSeconds", c.RolloutDeadlineSeconds, "must be 1 or more")
	}
	for i, egress := range c.Egress {
		egress.Validate(fmt.Sprintf("egress[%d]", i), problems)
	}
	for _, service := range c.Services {
		collect(service.Validate(c.imageRule()), problems)
	}
	c.Quotas.validate(catalogue.Peak(c.Services), problems)
}

func (c *Config) validateEnvironment(problems *invalid.Problems) {
	switch {
	case c.Environment == "":
		problems.Add("environment", nil, "%s", invalid.OneOf(Environments()))
	case !c.Environment.known():
		problems.Add("environment", string(c.Environment), "%s", invalid.OneOf(Environments()))
	}
}

// imageRule is stricter where people other than the developer depend on what runs.
func (c *Config) imageRule() func(string) error {
	if c.Environment == Local {
		return catalogue.CheckReference
	}
	return catalogue.CheckPinned
}

func (c *Config) validateDataStores(problems *invalid.Problems) {
	if at, err := url.Parse(c.RedisURL); err != nil || at.Scheme != "redis" && at.Scheme != "rediss" || at.Host == "" {
		problems.Add("redisUrl", c.RedisURL, "must be a URL such as redis://host:6379/0")
	} else if at.User != nil {
		problems.Add("redisUrl", at.Redacted(), "must hold no credentials: a ConfigMap is no place for them")
	}
	for _, server := range strings.Split(c.KafkaBootstrapServers, ",") {
		if host, port, found := strings.Cut(server, ":"); !found || host == "" || port == "" {
			problems.Add("kafkaBootstrapServers", c.KafkaBootstrapServers, "must be host:port, several with commas")
			return
		}
	}
}

func (q *Quotas) validate(peak catalogue.Demand, problems *invalid.Problems) {
	if q.Services.Pods < peak.Pods {
		problems.Add("quotas.services.pods", q.Services.Pods, tooSmall, fmt.Sprint(peak.Pods))
	}
	figures := []struct {
		key         string
		quota, need resource.Quantity
	}{
		{"requests.cpu", q.Services.Requests.CPU, peak.Requests.CPU},
		{"requests.memory", q.Services.Requests.Memory, peak.Requests.Memory},
		{"limits.cpu", q.Services.Limits.CPU, peak.Limits.CPU},
		{"limits.memory", q.Services.Limits.Memory, peak.Limits.Memory},
	}
	for _, figure := range figures {
		if figure.quota.Cmp(figure.need) < 0 {
			problems.Add("quotas.services."+figure.key, figure.quota.String(), tooSmall, figure.need.String())
		}
	}
}

const tooSmall = "must be at least %s: what the services ask for at maxReplicas while all of them are released"

// collect adds the problems that a Validate returned.
func collect(err error, problems *invalid.Problems) {
	var found invalid.Problems
	if errors.As(err, &found) {
		*problems = append(*problems, found...)
	}
}
