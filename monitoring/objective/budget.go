package objective

import (
	"fmt"

	"github.com/dreamseed/platform/monitoring/contract"
)

// Budget is the error budget of one objective, as dashboards show it.
type Budget struct {
	// Broken describes a bad request, such as "answered with an error".
	Broken string
	// Allowed is the share of requests that may be bad, between 0 and 1, as PromQL writes it.
	Allowed string
	// Left is an expression for the share of the budget that is left over WindowDays: 1 without a bad request, below 0
	// when more were bad than may be.
	Left string
	// Burn is an expression for the rate at which the last hour used the budget up: 1 uses it up in exactly WindowDays.
	Burn string
}

// Budgets returns the budgets of a service's objectives, availability first. Their expressions read recorded series.
func (s Service) Budgets() []Budget {
	var all []Budget
	for _, promise := range s.promises() {
		all = append(all, Budget{
			Broken:  promise.broken,
			Allowed: promise.budget(),
			Left:    "1 - " + s.bad(promise, budgetWindow) + " / " + promise.budget(),
			Burn:    s.bad(promise, "1h") + " / " + promise.budget(),
		})
	}
	return all
}

// bad returns the recorded share of bad requests, or 0 if none of them ever was bad: then the counter of bad ones does
// not exist, and nothing is recorded.
func (s Service) bad(of promise, window string) string {
	selected := contract.OfService(s.Namespace, s.Workload)
	return fmt.Sprintf("(%s or 0 * %s)", selected.Of(recorded(of.name, window)), of.all("rate", "1h"))
}
