package cost

import (
	"fmt"

	"github.com/dreamseed/platform/internal/invalid"
)

// OverBudgetError is that a stack is expected to cost more than its budget.
type OverBudgetError struct{ problem invalid.Problem }

func (e *OverBudgetError) Error() string { return e.problem.Error() }

// Unwrap returns the mistake in the configuration.
func (e *OverBudgetError) Unwrap() error { return e.problem }

// CheckBudget returns an OverBudgetError if the stack is expected to cost more than its budget. A missing price counts
// as nothing: the budget judges what is known.
func (e Estimate) CheckBudget() error {
	budget := e.Terms.Budget
	if budget == 0 || e.Total.cents().Expected <= float64(budget) {
		return nil
	}
	return &OverBudgetError{invalid.Problem{Key: "cost.budget", Value: budget, Rule: fmt.Sprintf(
		"must not be below what the stack is expected to cost: %s a month. Fewer or smaller nodes make it cheaper; "+
			"a higher budget lets it pass. `dreamseed cost` shows the parts", e.amount(e.Total.Expected))}}
}

// Warning says that the stack may cost more than its budget at its maximum. Empty if it cannot, or is expected to.
func (e Estimate) Warning() string {
	budget := e.Terms.Budget
	if budget == 0 || e.CheckBudget() != nil || e.Total.cents().Maximum <= float64(budget) {
		return ""
	}
	return fmt.Sprintf("At its maximum the stack costs %s a month, above its budget of %s (%s:cost.budget).",
		e.amount(e.Total.Maximum), money(float64(budget)), invalid.ConfigNamespace)
}
