package catalogue

import (
	"fmt"
	"slices"

	"github.com/dreamseed/platform/internal/invalid"
)

// Strategy is the way in which a new version replaces the running one.
type Strategy string

const (
	// Rolling replaces pods a few at a time, each new one ready before an old one goes.
	Rolling Strategy = "rolling"
	// BlueGreen brings all pods of the new version up beside the old ones and then moves all requests over at once.
	BlueGreen Strategy = "blueGreen"
	// Canary gives the new version a growing share of the pods, and continues only while its requests succeed in time.
	Canary Strategy = "canary"
)

// Strategies returns the allowed values.
func Strategies() []Strategy { return []Strategy{Rolling, BlueGreen, Canary} }

// ByRollout reports whether an Argo Rollouts Rollout carries out the strategy rather than a Deployment.
func (s Strategy) ByRollout() bool { return s == BlueGreen || s == Canary }

// Release configures how a new version replaces the running one. With every strategy, the database is migrated first,
// and the old version serves until the new one has proved itself.
type Release struct {
	// Strategy is rolling (default), blueGreen or canary. A change brings up the pods under the new strategy, and removes
	// the others when they serve.
	Strategy Strategy `json:"strategy"`
	// Canary applies to the strategy of that name.
	Canary CanarySteps `json:"canary"`
}

// CanarySteps are the shares of the pods that the new version gets, one after the other, and the limits that judge it.
type CanarySteps struct {
	// Weights are percentages that grow from step to step, between 1 and 99. Default 25, 50. A share is rounded up to
	// whole pods.
	Weights []int `json:"weights"`
	// StepSeconds is how long the new version stays at each share. Default 30. All steps together take at most half of
	// dreamseed:rolloutDeadlineSeconds; pods need the rest to become ready. The platform's Prometheus scrapes a service
	// every 15 seconds, and judges a version from its second scrape on: one whose steps end earlier is not judged.
	StepSeconds int `json:"stepSeconds"`
	// MaxErrorPercent is the share of requests that may fail with a status of 500 or above. Default 5.
	MaxErrorPercent int `json:"maxErrorPercent"`
	// MaxLatencyMilliseconds is the time within which 95 % of the requests must be answered. Default 500.
	MaxLatencyMilliseconds int `json:"maxLatencyMilliseconds"`
}

func defaultRelease() Release {
	return Release{Strategy: Rolling, Canary: CanarySteps{
		Weights: []int{25, 50}, StepSeconds: 30, MaxErrorPercent: 5, MaxLatencyMilliseconds: 500,
	}}
}

// PauseSeconds returns the total duration of the steps, excluding the time that pods need to become ready.
func (c CanarySteps) PauseSeconds() int { return len(c.Weights) * c.StepSeconds }

func (r Release) validate(key string, within Surroundings, problems *invalid.Problems) {
	if !slices.Contains(Strategies(), r.Strategy) {
		problems.Add(key+".strategy", string(r.Strategy), "%s", invalid.OneOf(Strategies()))
		return
	}
	if r.Strategy == Canary {
		r.Canary.validate(key+".canary", within.DeadlineSeconds, problems)
	}
}

func (c CanarySteps) validate(key string, deadlineSeconds int, problems *invalid.Problems) {
	if len(c.Weights) == 0 {
		problems.Add(key+".weights", nil, "must list at least one percentage")
	}
	before := 0
	for i, weight := range c.Weights {
		if weight <= before || weight > 99 {
			problems.Add(fmt.Sprintf("%s.weights[%d]", key, i), weight,
				"must be above the one before (%d) and below 100", before)
		}
		before = max(before, weight)
	}
	if c.StepSeconds < 1 || 2*c.PauseSeconds() > deadlineSeconds {
		problems.Add(key+".stepSeconds", c.StepSeconds,
			"must be 1 or more, and all steps together (%d × %d s = %d s) at most half of rolloutDeadlineSeconds (%d)",
			len(c.Weights), c.StepSeconds, c.PauseSeconds(), deadlineSeconds)
	}
	if c.MaxErrorPercent < 0 || c.MaxErrorPercent > 99 {
		problems.Add(key+".maxErrorPercent", c.MaxErrorPercent, "must be from 0 to 99")
	}
	if c.MaxLatencyMilliseconds < 1 {
		problems.Add(key+".maxLatencyMilliseconds", c.MaxLatencyMilliseconds, "must be 1 or more")
	}
}
