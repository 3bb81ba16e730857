package full

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/monitoring/rule"
)

// phase is a time of constant traffic.
type phase struct {
	minutes int
	// burn is the rate at which the error budget is used up: 1 uses it up in exactly thirty days. The lowest objective
	// allows for 20, at which every request is bad.
	burn float64
	// each is the number of requests in a minute.
	each int
}

// Lengths of phases, in minutes.
const hour, day = 60, 24 * 60

// Requests in a minute. A busy hour without bad requests keeps the share low over every window that reaches back to it.
const usual, busy = 1_000_000, 100 * usual

// during returns the requests of the phases.
func (p promise) during(phases []phase) []counted {
	var all []counted
	for _, one := range phases {
		bad := int(math.Round(one.burn * (100 - p.percent) / 100 * float64(one.each)))
		all = append(all, counted{one.minutes, one.each - bad, bad})
	}
	return all
}

// The severities that fire together: what burns fast enough for a page is worth a ticket.
var (
	nobody   = []rule.Severity{}
	tomorrow = []rule.Severity{rule.Ticket}
	now      = []rule.Severity{rule.Page, rule.Ticket}
)

// alike are the cases in which the platform and Sloth agree: one on each side of the limit of each factor and window. A
// window of n minutes has n samples, and so n-1 minutes between them.
var alike = map[string]struct {
	reason string
	phases []phase
	want   []rule.Severity
}{
	"nothing fails": {"there is nothing to say", []phase{{6 * hour, 0, usual}}, nobody},

	"the budget would last": {
		"it is there to be used up", []phase{{6 * hour, 0.98, usual}}, nobody,
	},
	"the budget would not last": {
		"once over three days and six hours waits for working hours", []phase{{6 * hour, 1.02, usual}}, tomorrow,
	},
	"less than a day of three days": {
		"2.9 times, for 24 of 72 hours, is less than once", []phase{{3 * day, 0, usual}, {24 * hour, 2.9, usual}}, nobody,
	},
	"more than a day of three days": {
		"2.9 times, for 25 of 72 hours, is more than once", []phase{{3 * day, 0, usual}, {25 * hour, 2.9, usual}}, tomorrow,
	},
	"good for less than three hours": {
		"180 of 359 minutes at twice are more than once", []phase{{12 * hour, 2, usual}, {179, 0, usual}}, tomorrow,
	},
	"good for more than three hours": {
		"178 of 359 minutes at twice are less than once", []phase{{12 * hour, 2, usual}, {181, 0, usual}}, nobody,
	},

	"less than three times for a day": {
		"the busy hour keeps three days good", []phase{{hour, 0, busy}, {day, 2.95, usual}}, nobody,
	},
	"more than three times for a day": {
		"three times over a day and two hours waits for working hours",
		[]phase{{hour, 0, busy}, {day, 3.05, usual}}, tomorrow,
	},
	"less than half a day of a day": {
		"720 of 1439 minutes at 5.9 times are less than three times",
		[]phase{{hour, 0, busy}, {day, 0, usual}, {720, 5.9, usual}}, nobody,
	},
	"more than half a day of a day": {
		"745 of 1439 minutes at 5.9 times are more than three times",
		[]phase{{hour, 0, busy}, {day, 0, usual}, {745, 5.9, usual}}, tomorrow,
	},
	"good for less than half an hour": {
		"90 of 119 minutes at four times are more than three times",
		[]phase{{hour, 0, busy}, {day, 4, usual}, {29, 0, usual}}, tomorrow,
	},
	"good for more than half an hour": {
		"88 of 119 minutes at four times are less than three times",
		[]phase{{hour, 0, busy}, {day, 4, usual}, {31, 0, usual}}, nobody,
	},

	"less than six times": {
		"a page is for what cannot wait", []phase{{6 * hour, 5.9, usual}}, tomorrow,
	},
	"more than six times": {
		"six times over six hours and half an hour wakes somebody up", []phase{{6 * hour, 6.1, usual}}, now,
	},
	"less than 216 of 359 minutes": {
		"at ten times, six hours are below six times", []phase{{3 * hour, 0, usual}, {210, 10, usual}}, tomorrow,
	},
	"more than 216 of 359 minutes": {
		"at ten times, six hours are above six times", []phase{{3 * hour, 0, usual}, {220, 10, usual}}, now,
	},
	"good for fourteen minutes": {
		"15 of 29 minutes at twelve times are more than six times", []phase{{6 * hour, 12, usual}, {14, 0, usual}}, now,
	},
	"good for fifteen minutes": {
		"14 of 29 minutes at twelve times are less than six times",
		[]phase{{6 * hour, 12, usual}, {15, 0, usual}}, tomorrow,
	},

	"less than 14.4 times for an hour": {
		"six hours are below six times", []phase{{6 * hour, 0, usual}, {hour, 14.2, usual}}, tomorrow,
	},
	"more than 14.4 times for an hour": {
		"14.4 times over an hour and five minutes wakes somebody up",
		[]phase{{6 * hour, 0, usual}, {hour, 14.6, usual}}, now,
	},
	"less than three quarters of an hour": {
		"44 of 59 minutes at 19 times are less than 14.4 times", []phase{{6 * hour, 0, usual}, {44, 19, usual}}, tomorrow,
	},
	"three quarters of an hour": {
		"45 of 59 minutes at 19 times are more than 14.4 times", []phase{{6 * hour, 0, usual}, {45, 19, usual}}, now,
	},
	"good for a minute": {
		"three of four minutes at 20 times are more than 14.4 times",
		[]phase{{6 * hour, 0, usual}, {hour, 20, usual}, {1, 0, usual}}, now,
	},
	"good for two minutes": {
		"two of four minutes at 20 times are less than 14.4 times",
		[]phase{{6 * hour, 0, usual}, {hour, 20, usual}, {2, 0, usual}}, tomorrow,
	},
}

func TestSlothAgreesWhenThereIsTraffic(t *testing.T) {
	t.Parallel()
	derived := slothRules(t)
	for name, c := range alike {
		t.Run(name, func(t *testing.T) {
			var tests []unitTest
			for _, one := range promises() {
				tests = append(tests, one.test(one.during(c.phases), c.want, c.want))
			}
			judge(t, derived, tests, c.reason)
		})
	}
}

// An alert of the platform needs ten bad requests for a page, and five for a ticket. That Sloth has no such limit is a
// reason why the platform derives its own.
func TestSlothAlertsOnOneBadRequestAndThePlatformDoesNot(t *testing.T) {
	t.Parallel()
	derived := slothRules(t)
	cases := map[string]struct {
		reason string
		each   int
		want   []rule.Severity
	}{
		"one of twelve requests":     {"nobody gets up for one request", 1, nobody},
		"seven of eighty-four":       {"somebody should look at seven, tomorrow", 7, tomorrow},
		"twenty of 240, the control": {"the share is the same, and twenty are enough", 20, now},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			requests := slices.Repeat([]counted{{1, c.each, 0}, {4, 0, 0}}, 11)
			requests = append(requests, counted{1, 0, c.each})
			judge(t, derived, []unitTest{promises()[0].test(requests, c.want, now)}, c.reason)
		})
	}
}

// test compares the severities that fire at the end of the requests, by the platform's rules and by Sloth's.
func (p promise) test(requests []counted, ours, theirs []rule.Severity) unitTest {
	minutes := 0
	for _, one := range requests {
		minutes += one.minutes
	}
	end := fmt.Sprintf("%dm", minutes)
	return unitTest{
		Interval: "1m", Series: p.requests(p.service, requests),
		Queries: []query{p.firing(p.alert, end, ours), p.firing(p.name(), end, theirs)},
	}
}

// firing queries the severities at which the alerts of a name fire.
func (p promise) firing(alert, at string, want []rule.Severity) query {
	asked := query{At: at, Expr: fmt.Sprintf(`group by (severity) (ALERTS{alertname=%q,alertstate="firing",service=%q})`,
		alert, p.service.Workload)}
	for _, severity := range want {
		asked.Want = append(asked.Want, sample{Labels: fmt.Sprintf(`{severity=%q}`, severity), Value: 1})
	}
	return asked
}

// judge has promtool evaluate both rule files over the series of the tests, at the end that they have in common: what
// an alert reads is recorded at the same moment.
func judge(t *testing.T, derived []rule.Group, tests []unitTest, why string) {
	t.Helper()
	file := unitTests{Every: tests[0].Queries[0].At, Tests: tests}
	var ours []rule.Group
	for _, service := range judged {
		ours = append(ours, service.Groups()...)
	}
	file.use(t, ours)
	file.use(t, derived)
	printed, err := file.run(t)
	require.NoError(t, err, "%s\n%s", why, printed)
}
