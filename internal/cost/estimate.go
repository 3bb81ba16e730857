package cost

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"github.com/dreamseed/platform/internal/config"
)

// Currency is the currency of every figure.
const Currency = "USD"

// Estimate is what a stack costs a month, without tax, discounts, and what its use decides: see docs/cost.md.
type Estimate struct {
	// Parts are the costs of the parts that the stack has, in the order of Parts.
	Parts []PartCost
	// Total is the sum of all parts.
	Total Figures
	// Missing names what the table has no price for, in alphabetical order. With any of it the figures are lower bounds.
	Missing []string
	// Used are the prices that the figures come from, in the order of the table.
	Used []Price
	// Saving is what the nodes on spot capacity would cost more on demand. Nil if a price of theirs is missing.
	Saving *Figures
	// Capacity compares the requests of the services with what the nodes offer.
	Capacity Capacity
	// Terms are what the configuration says about cost.
	Terms config.Cost
}

// PartCost is the cost of a part of the bill.
type PartCost struct {
	Part Part
	Cost Figures
}

// Of estimates the cost of a stack.
func Of(cfg *config.Config, prices *Table) Estimate {
	of := &stack{cfg: cfg, pools: pools(cfg)}
	bill, priced := bills[cfg.Cluster.Cloud]
	if !priced {
		return Estimate{
			Missing:  []string{fmt.Sprintf("cluster %s, which somebody else created", cfg.Cluster.Name)},
			Capacity: capacity(of), Terms: cfg.Cost,
		}
	}
	sum := newSum(cfg, prices)
	for _, one := range bill(of) {
		sum.add(one)
	}
	estimate := sum.estimate()
	estimate.Capacity, estimate.Terms = capacity(of), cfg.Cost
	return estimate
}

// LowerBound reports whether something has no price, so that the stack costs more than the figures.
func (e Estimate) LowerBound() bool { return len(e.Missing) > 0 }

// sum adds up a bill.
type sum struct {
	cfg    *config.Config
	prices *Table

	parts   map[Part]Figures
	missing map[string]bool
	used    map[Price]bool
	saving  Figures
	// unknown reports whether the saving cannot be told.
	unknown bool
}

func newSum(cfg *config.Config, prices *Table) *sum {
	return &sum{
		cfg: cfg, prices: prices, parts: map[Part]Figures{}, missing: map[string]bool{}, used: map[Price]bool{},
	}
}

// add adds a charge, unless there is none of it in any case.
func (s *sum) add(one charge) {
	if one.count == always(0) {
		return
	}
	cost, complete := s.dearest(one)
	s.parts[one.part] = s.parts[one.part].plus(cost)
	if one.spot {
		s.save(one, cost, complete)
	}
}

// dearest returns what a charge costs, and whether every price of it is known.
func (s *sum) dearest(one charge) (Figures, bool) {
	var most Figures
	complete := true
	for _, of := range one.things(s.cfg) {
		tiers := s.prices.find(of)
		if len(tiers) == 0 {
			s.missing[of.String()] = true
			complete = false
		}
		for _, tier := range tiers {
			s.used[tier] = true
		}
		cost := one.count.each(func(count float64) float64 { return monthly(tiers, count) })
		if cost.Maximum > most.Maximum {
			most = cost
		}
	}
	return most, complete
}

// save adds what nodes on spot capacity save. A price on demand that is missing is none of the bill.
func (s *sum) save(one charge, cost Figures, complete bool) {
	one.spot = false
	aside := newSum(s.cfg, s.prices)
	onDemand, known := aside.dearest(one)
	s.unknown = s.unknown || !complete || !known
	s.saving = s.saving.plus(onDemand).plus(cost.times(-1))
}

func (s *sum) estimate() Estimate {
	estimate := Estimate{Missing: slices.Sorted(maps.Keys(s.missing))}
	for _, part := range Parts() {
		if cost, found := s.parts[part]; found {
			estimate.Parts = append(estimate.Parts, PartCost{part, cost})
			estimate.Total = estimate.Total.plus(cost)
		}
	}
	estimate.Used = slices.SortedFunc(maps.Keys(s.used), func(a, b Price) int {
		return cmp.Or(compare(a.thing(), b.thing()), cmp.Compare(a.Above, b.Above))
	})
	if !s.unknown {
		estimate.Saving = &s.saving
	}
	return estimate
}
