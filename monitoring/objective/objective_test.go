package objective_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/internal/invalid"
	"github.com/dreamseed/platform/monitoring/objective"
	"github.com/dreamseed/platform/monitoring/rule"
)

var auth = objective.Service{Namespace: "shop", Workload: "auth-service", Objectives: objective.Default()}

// The parameters of https://sre.google/workbook/alerting-on-slos, table 5-8.
func TestBudgetsBurnAtTheRatesOfTheWorkbook(t *testing.T) {
	want := []string{
		"page 14.4 over 1h and 5m", "page 6 over 6h and 30m", "ticket 3 over 1d and 2h", "ticket 1 over 3d and 6h",
	}
	share := regexp.MustCompile(`ratio_rate(\w+)\{[^}]*\} > ([0-9.]+) \* `)
	for _, name := range []string{"ServiceAvailabilityBudgetBurn", "ServiceLatencyBudgetBurn"} {
		var found []string
		for _, alert := range rule.Alerts(auth.Groups()) {
			if alert.Alert != name {
				continue
			}
			shares := share.FindAllStringSubmatch(alert.Expr, -1)
			require.Len(t, shares, 2, alert.Expr)
			assert.Equal(t, shares[0][2], shares[1][2], "both windows have one limit")
			found = append(found, fmt.Sprintf("%s %s over %s and %s",
				alert.Labels[rule.SeverityLabel], shares[0][2], shares[0][1], shares[1][1]))
		}
		assert.Equal(t, want, found, name)
	}
}

func TestTheLimitIsAShareOfTheBudget(t *testing.T) {
	service := auth
	service.Objectives = objective.Objectives{AvailabilityPercent: 99.5, LatencyPercent: 95, LatencyMilliseconds: 1000}
	limits := map[string]string{"ServiceAvailabilityBudgetBurn": "* 0.005", "ServiceLatencyBudgetBurn": "* 0.05"}
	alerts := rule.Alerts(service.Groups())
	require.Len(t, alerts, 8)
	for _, alert := range alerts {
		assert.Equal(t, 2, strings.Count(alert.Expr, limits[alert.Alert]+"\n"), alert.Expr)
	}
}

// At little traffic one failed request would exhaust the budget of an hour.
func TestAFewBadRequestsAlertNobody(t *testing.T) {
	least := map[string]string{string(rule.Page): ">= 10", string(rule.Ticket): ">= 5"}
	for _, alert := range rule.Alerts(auth.Groups()) {
		lines := strings.Split(alert.Expr, "\nand ")
		require.Len(t, lines, 3)
		assert.Contains(t, lines[2], "increase(")
		assert.Contains(t, lines[2], "["+alert.Labels["window"]+"]", "counted over the long window")
		assert.True(t, strings.HasSuffix(lines[2], least[alert.Labels[rule.SeverityLabel]]), lines[2])
	}
}

func TestEveryShareThatAnAlertReadsIsRecordedOnce(t *testing.T) {
	recorded := map[string]int{}
	for _, group := range auth.Groups() {
		for _, one := range group.Rules {
			if one.Record != "" {
				recorded[one.Record]++
			}
		}
	}
	require.NotEmpty(t, recorded)
	for name, times := range recorded {
		assert.Equal(t, 1, times, name)
	}
	read := regexp.MustCompile(`service:\w+:ratio_rate\w+`)
	for _, alert := range rule.Alerts(auth.Groups()) {
		names := read.FindAllString(alert.Expr, -1)
		require.NotEmpty(t, names)
		for _, name := range names {
			assert.Contains(t, recorded, name)
		}
	}
	assert.Contains(t, recorded, "service:http_requests_failed:ratio_rate30d", "what is left of the budget")
}

func TestLongWindowsAreRecordedSeldom(t *testing.T) {
	for _, group := range auth.Groups() {
		long := slices.ContainsFunc(group.Rules, func(one rule.Rule) bool { return strings.HasSuffix(one.Record, "30d") })
		if long {
			assert.Equal(t, "2m", group.Interval, "each evaluation reads the samples of thirty days")
			return
		}
	}
	t.Error("no group records thirty days")
}

func TestObjectivesThatNoAlertCouldWatchAreRefused(t *testing.T) {
	cases := map[string]struct {
		reason string
		change func(*objective.Objectives)
		want   []string
	}{
		"the defaults": {"they are what most services promise", func(*objective.Objectives) {}, nil},
		"the least":    {"every alert can fire", func(o *objective.Objectives) { o.AvailabilityPercent = 95 }, nil},
		"too little": {
			"a page would take more than all requests",
			func(o *objective.Objectives) { o.AvailabilityPercent = 93 }, []string{"availabilityPercent"},
		},
		"all of them": {
			"there would be no budget",
			func(o *objective.Objectives) { o.LatencyPercent = 100 }, []string{"latencyPercent"},
		},
		"between two": {
			"the share is not known",
			func(o *objective.Objectives) { o.LatencyMilliseconds = 300 }, []string{"latencyMilliseconds"},
		},
		"the slowest": {"it is a bucket", func(o *objective.Objectives) { o.LatencyMilliseconds = 10_000 }, nil},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			objectives := objective.Default()
			c.change(&objectives)
			var problems invalid.Problems
			objectives.Validate("objectives", &problems)
			var keys []string
			for _, problem := range problems {
				keys = append(keys, strings.TrimPrefix(problem.Key, "objectives."))
			}
			assert.Equal(t, c.want, keys, c.reason)
		})
	}
}

// A share of bad requests is at most 1, which is where the bound of 95 % comes from.
func TestTheFastestAlertCanFireAtTheLowestObjective(t *testing.T) {
	const fastest, lowest = 14.4, 95.0
	assert.Less(t, fastest*(100-lowest)/100, 1.0)
	assert.Greater(t, fastest*(100-93.0)/100, 1.0, "the control: it could not at 93 %")
}
