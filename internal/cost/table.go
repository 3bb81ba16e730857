package cost

import (
	"cmp"
	"embed"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/dreamseed/platform/cluster"
)

//go:embed prices/*.yaml
var embedded embed.FS

// anywhere is the region of a price that is the same in every region.
const anywhere = "*"

// Table is a price table.
type Table struct {
	// tiers are the prices of one thing, those of the first units first.
	tiers map[thing][]Price
}

// thing identifies what a price is of.
type thing struct {
	cloud  cluster.Cloud
	region string
	what   string
	spot   bool
}

// String returns the thing as a message names it.
func (t thing) String() string {
	name := t.what
	if t.spot {
		name += " on spot capacity"
	}
	if t.region == anywhere {
		return name
	}
	return name + " in " + t.region
}

func (p Price) thing() thing { return thing{p.Cloud, p.Region, p.What, p.Spot} }

// Prices returns the price table of this repository.
func Prices() (*Table, error) {
	files, err := fs.Sub(embedded, "prices")
	if err != nil {
		return nil, fmt.Errorf("reading the price table: %w", err)
	}
	return Load(files)
}

// Load reads a price table: a file <cloud>.yaml for each cloud. The error names every wrong row.
func Load(files fs.FS) (*Table, error) {
	names, err := fs.Glob(files, "*.yaml")
	if err != nil {
		return nil, fmt.Errorf("reading the price table: %w", err)
	}
	table := &Table{tiers: map[thing][]Price{}}
	for _, name := range names {
		content, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, fmt.Errorf("reading the price table: %w", err)
		}
		prices, err := decode(content, cluster.Cloud(strings.TrimSuffix(path.Base(name), ".yaml")))
		if err != nil {
			return nil, fmt.Errorf("reading the price table %s:\n%w", name, err)
		}
		table.add(prices)
	}
	return table, nil
}

func (t *Table) add(prices []Price) {
	for _, price := range prices {
		t.tiers[price.thing()] = append(t.tiers[price.thing()], price)
	}
	for _, tiers := range t.tiers {
		slices.SortFunc(tiers, func(a, b Price) int { return cmp.Compare(a.Above, b.Above) })
	}
}

// All returns every price, in a fixed order.
func (t *Table) All() []Price {
	var all []Price
	for _, of := range slices.SortedFunc(maps.Keys(t.tiers), compare) {
		all = append(all, t.tiers[of]...)
	}
	return all
}

func compare(a, b thing) int {
	return cmp.Or(cmp.Compare(a.cloud, b.cloud), cmp.Compare(a.String(), b.String()))
}

// find returns the prices of a thing, those of the first units first. None if the table lacks it.
func (t *Table) find(of thing) []Price {
	if tiers, found := t.tiers[of]; found {
		return tiers
	}
	of.region = anywhere
	return t.tiers[of]
}

// monthly returns what a number of things costs a month.
func monthly(tiers []Price, count float64) float64 {
	total := 0.0
	for i, tier := range tiers {
		units := count - tier.Above
		if i+1 < len(tiers) {
			units = min(units, tiers[i+1].Above-tier.Above)
		}
		total += max(0, units) * tier.USD * perMonth[tier.Unit]
	}
	return total
}
