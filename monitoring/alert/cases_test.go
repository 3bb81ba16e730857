package alert_test

import (
	"maps"
	"regexp"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/dreamseed/platform/monitoring/alert/alerttest"
	"github.com/dreamseed/platform/monitoring/rule"
)

func TestEveryAlertHasAFileWithCases(t *testing.T) {
	assert.Equal(t, names(t), slices.Sorted(maps.Keys(alerttest.Cases(t))))
}

func TestEveryAlertHasAFiringAndASilentCase(t *testing.T) {
	cases := alerttest.Cases(t)
	for _, one := range alerts(t) {
		firing, silent := verdicts(cases[one.Alert], one.Alert)
		assert.NotZero(t, firing, "%s: a case in which it fires", one.Alert)
		if one.Labels[rule.SeverityLabel] != string(rule.Heartbeat) { // It always fires.
			assert.NotZero(t, silent, "%s: a case in which it is silent", one.Alert)
		}
	}
}

func TestAnAlertThatWaitsDoesSoInACase(t *testing.T) {
	cases, waiting := alerttest.Cases(t), 0
	for _, one := range alerts(t) {
		if one.For == "" {
			continue
		}
		waiting++
		assert.True(t, slices.ContainsFunc(cases[one.Alert], func(c alerttest.Case) bool { return waits(c, one.Alert) }),
			one.Alert)
	}
	assert.NotZero(t, waiting, "the control")
}

func TestEachSeverityOfAnAlertFiresInACase(t *testing.T) {
	cases := alerttest.Cases(t)
	for _, one := range alerts(t) {
		assert.Contains(t, expected(cases[one.Alert], rule.SeverityLabel), one.Labels[rule.SeverityLabel], one.Alert)
	}
}

// A template leaves out a label that the alert does not have, and nobody is told.
func TestTheTextsNameOnlyLabelsOfTheAlert(t *testing.T) {
	used := regexp.MustCompile(`\$labels\.(\w+)`)
	cases, found := alerttest.Cases(t), 0
	for _, one := range alerts(t) {
		for _, match := range used.FindAllStringSubmatch(one.Annotations["summary"]+one.Annotations["description"], -1) {
			found++
			assert.NotEmpty(t, expected(cases[one.Alert], match[1]), "%s: %s", one.Alert, match[1])
		}
	}
	assert.NotZero(t, found, "the control")
}

// verdicts counts the cases in which an alert fires at some time, and those in which it never does.
func verdicts(cases []alerttest.Case, name string) (firing, silent int) {
	for _, one := range cases {
		of := one.Of(name)
		switch {
		case slices.ContainsFunc(of, alerttest.Expectation.Fires):
			firing++
		case len(of) > 0:
			silent++
		}
	}
	return firing, silent
}

// waits reports whether an alert is silent at first in a case in which it fires.
func waits(one alerttest.Case, name string) bool {
	of := one.Of(name)
	return len(of) > 1 && !of[0].Fires() && of[len(of)-1].Fires()
}

// expected returns the values of a label on the alerts that fire.
func expected(cases []alerttest.Case, label string) []string {
	var values []string
	for _, one := range cases {
		for _, expectation := range one.Expectations {
			for _, firing := range expectation.Firing {
				if value := firing.Labels[label]; value != "" {
					values = append(values, value)
				}
			}
		}
	}
	return values
}
