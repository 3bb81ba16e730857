// Package cost says what a stack costs a month: at least, as expected and at most. It needs nothing but the
// configuration and the price table in this repository.
package cost

import (
	"time"

	"github.com/dreamseed/platform/cluster"
)

// Price is a row of the price table.
type Price struct {
	// Cloud and Region are where the price holds. The region is "*" where it is the same in every one.
	Cloud  cluster.Cloud
	Region string
	// What is the thing that costs, in the words of a bill: "machine n2-standard-8", "disk pd-balanced".
	What string
	// Spot marks the price of spot capacity.
	Spot bool
	// Above is the number of units from which on the price holds. 0 for the first unit.
	Above float64
	// Unit is what USD is the price of.
	Unit Unit
	// USD is the price of a unit in US dollars, without tax.
	USD float64
	// Family and CPU are of machines: the family has the same price for each vCPU, and the machine has CPU of them.
	Family string
	CPU    int
	// Source is where the price was found, and Date the day on which it was so. A source that bears no date says so.
	Source string
	Date   time.Time
}

// Unit is the unit of a price.
type Unit string

// The units.
const (
	// Hour is an hour of one thing.
	Hour Unit = "hour"
	// Month is a month of one thing.
	Month Unit = "month"
	// GiBMonth is a month of a GiB of storage.
	GiBMonth Unit = "GiB-month"
	// GiB is a GiB that is transferred.
	GiB Unit = "GiB"
)

// HoursPerMonth is the month of the clouds' own calculators: a year in twelve parts.
const HoursPerMonth = 730

// perMonth is how many units one thing takes in a month.
var perMonth = map[Unit]float64{Hour: HoursPerMonth, Month: 1, GiBMonth: 1, GiB: 1}

// daysFresh is how long a price is taken for today's.
const daysFresh = 180

// Stale reports whether a price is so old that somebody should look it up again.
func (p Price) Stale(today time.Time) bool { return p.Date.AddDate(0, 0, daysFresh).Before(today) }
