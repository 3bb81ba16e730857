package report_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/dreamseed/platform/internal/changeset"
	"github.com/dreamseed/platform/internal/report"
)

func TestTheCostIsShownBeforeAndAfter(t *testing.T) {
	cost := func(expected float64) map[string]any {
		return map[string]any{"cost": map[string]any{
			"minimum": 1030.9, "expected": expected, "maximum": 4368.58, "currency": "USD", "lowerBound": true,
			"missing": []any{"disks", "egress"}, "budget": 5000.0,
		}}
	}
	cases := map[string]struct {
		set    changeset.Set
		says   []string
		reason string
	}{
		"it rises": {changeset.Set{OldOutputs: cost(1374.45), NewOutputs: cost(2229.92)}, []string{
			"| expected | at least 1374.45 USD | at least 2229.92 USD |",
			"The budget is 5000 USD. Without a price, and not counted: disks, egress.",
		}, "a reviewer decides on it"},
		"it was not known": {changeset.Set{NewOutputs: cost(2229.92)}, []string{
			"| expected | not known | at least 2229.92 USD |",
		}, "the stack is new, or older than the output"},
		"it stays": {changeset.Set{OldOutputs: cost(2229.92), NewOutputs: cost(2229.92)}, []string{
			"As before: expected at least 2229.92 USD a month, from at least 1030.90 USD to at least 4368.58 USD. The budget",
		}, "three equal rows say no more"},
		"nothing is known": {changeset.Set{NewOutputs: map[string]any{"cost": map[string]any{
			"minimum": 0.0, "expected": 0.0, "maximum": 0.0, "lowerBound": true, "missing": []any{"the cluster"},
		}}}, []string{"No price of it is known. Without a price, and not counted: the cluster."},
			"nothing costs at least nothing"},
	}
	for name, tt := range cases {
		t.Run(name, func(t *testing.T) {
			written := (&report.Report{Set: &tt.set}).Markdown(report.Limit)

			for _, text := range tt.says {
				assert.Contains(t, written, text, tt.reason)
			}
		})
	}
	assert.NotContains(t, (&report.Report{Set: &changeset.Set{}}).Markdown(report.Limit), "#### Cost", "the control")
}
