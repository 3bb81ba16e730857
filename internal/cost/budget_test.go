package cost_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/internal/cost"
)

// Production costs 1,425.05 as expected, and 4,702.35 at its maximum.
func TestTheBudgetJudgesWhatIsExpected(t *testing.T) {
	cases := map[string]struct {
		reason        string
		budget        int
		over, warning bool
		says          string
	}{
		"none": {
			reason: "every cost is within no budget", says: "There is no budget",
		},
		"far below the minimum": {
			reason: "no month is within it", budget: 1, over: true, says: "above the budget of 1.00 USD",
		},
		"below the expected": {
			reason: "an ordinary month exceeds it", budget: 1425, over: true, says: "above the budget of 1,425.00 USD",
		},
		"above the expected": {
			reason: "only a full month exceeds it", budget: 1426, warning: true, says: "At its maximum",
		},
		"below the maximum": {
			reason: "only a full month exceeds it", budget: 4702, warning: true, says: "At its maximum",
		},
		"above the maximum": {
			reason: "nothing exceeds it", budget: 4703, says: "Even the maximum is within",
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			cfg := production(t, "gke")
			cfg.Cost.Budget = c.budget
			of := cost.Of(cfg, prices(t))
			var over *cost.OverBudgetError
			if c.over {
				require.ErrorAs(t, of.CheckBudget(), &over, c.reason)
			} else {
				require.NoError(t, of.CheckBudget(), c.reason)
			}
			assert.Equal(t, c.warning, of.Warning() != "", c.reason)
			assert.Contains(t, of.Text(today), c.says)
		})
	}
}

func TestAStackAboveItsBudgetSaysWhichKeyAndWhatItCosts(t *testing.T) {
	cfg := production(t, "gke")
	cfg.Cost.Budget = 1000
	require.ErrorContains(t, cost.Of(cfg, prices(t)).CheckBudget(), "dreamseed:cost.budget is 1000: it must not be below "+
		"what the stack is expected to cost: 1,425.05 USD a month.")
}

// On EKS, prices are missing: the stack costs more than the 1,570.58 that are known.
func TestTheBudgetJudgesWhatIsKnown(t *testing.T) {
	cfg := production(t, "eks")
	cfg.Cost.Budget = 1600
	of := cost.Of(cfg, prices(t))
	require.NoError(t, of.CheckBudget())
	assert.Contains(t, of.Warning(), "At its maximum the stack costs at least 5,329.65 USD a month")
	cfg.Cost.Budget = 1500
	require.ErrorContains(t, cost.Of(cfg, prices(t)).CheckBudget(), "at least 1,570.58 USD a month")
}
