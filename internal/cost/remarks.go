package cost

import (
	"fmt"
	"strings"
	"time"
)

// remarks are what belongs to the figures, in sentences.
func (e Estimate) remarks(today time.Time) []string {
	var all []string
	for _, remark := range []string{
		e.lowerBound(), e.old(today), e.budget(), e.perUser(), e.saved(), e.Capacity.remark(), notCounted,
	} {
		if remark != "" {
			all = append(all, remark)
		}
	}
	return all
}

// notCounted is what the configuration does not tell.
const notCounted = "Not counted, for use decides: logs, images in the registry, requests to keys and DNS, what NAT " +
	"and the load balancer process, and traffic between zones. Nor are data stores, which others run, taxes and discounts."

func (e Estimate) lowerBound() string {
	if !e.LowerBound() {
		return ""
	}
	return fmt.Sprintf("The figures are lower bounds, because there is no price of: %s.", strings.Join(e.Missing, "; "))
}

func (e Estimate) old(today time.Time) string {
	var old []string
	for _, price := range e.Used {
		name := fmt.Sprintf("%s (%s)", price.thing(), price.Date.Format(time.DateOnly))
		if price.Stale(today) && (len(old) == 0 || old[len(old)-1] != name) {
			old = append(old, name)
		}
	}
	if len(old) == 0 {
		return ""
	}
	return fmt.Sprintf("Older than %d days are the prices of %s.", daysFresh, strings.Join(old, "; "))
}

func (e Estimate) budget() string {
	budget := e.Terms.Budget
	switch {
	case budget == 0:
		return "There is no budget (dreamseed:cost.budget)."
	case e.CheckBudget() != nil:
		return fmt.Sprintf("The expected cost is above the budget of %s.", money(float64(budget)))
	case e.Warning() != "":
		return e.Warning()
	default:
		return fmt.Sprintf("Even the maximum is within the budget of %s.", money(float64(budget)))
	}
}

func (e Estimate) perUser() string {
	if e.Terms.Users == 0 {
		return ""
	}
	return printer.Sprintf("For %d users the expected cost is %s a user.", e.Terms.Users,
		e.amount(e.Total.Expected/float64(e.Terms.Users)))
}

func (e Estimate) saved() string {
	switch {
	case e.Saving == nil:
		return "What spot capacity saves cannot be told: a price is missing."
	case *e.Saving == always(0):
		return ""
	default:
		return fmt.Sprintf("Spot capacity saves %s at the maximum, and %s as expected, against the same nodes on demand.",
			money(e.Saving.Maximum), money(e.Saving.Expected))
	}
}

func (c Capacity) remark() string {
	return fmt.Sprintf("The services request %s at the fewest pods and nodes, and %s at the peak on the most nodes.",
		c.Minimum.remark(), c.Peak.remark())
}

func (u Use) remark() string {
	return fmt.Sprintf("%.0f %% of the processors and %.0f %% of the memory", u.CPU.Percent(), u.Memory.Percent())
}
