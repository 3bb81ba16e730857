package cost

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/dreamseed/platform/cluster"
)

// file is a file of the price table.
type file struct {
	// Sources are the places where prices were found, by a short name.
	Sources map[string]source `yaml:"sources"`
	Prices  []row             `yaml:"prices"`
}

type source struct {
	// From is the address, with the version.
	From string `yaml:"from"`
	// Date is the day on which the source says so.
	Date time.Time `yaml:"date"`
}

// row is a price as the file has it.
type row struct {
	Region string   `yaml:"region"`
	What   string   `yaml:"what"`
	Spot   bool     `yaml:"spot"`
	Above  float64  `yaml:"above"`
	Unit   Unit     `yaml:"unit"`
	USD    *float64 `yaml:"usd"`
	Family string   `yaml:"family"`
	CPU    int      `yaml:"cpu"`
	Source string   `yaml:"source"`
}

// decode returns the prices of a file. An unknown key is an error.
func decode(content []byte, cloud cluster.Cloud) ([]Price, error) {
	if !slices.Contains(cluster.Clouds(), cloud) {
		return nil, fmt.Errorf("%s is not a cloud: the clouds are %v", cloud, cluster.Clouds())
	}
	var read file
	decoder := yaml.NewDecoder(bytes.NewReader(content))
	decoder.KnownFields(true)
	if err := decoder.Decode(&read); err != nil {
		return nil, err
	}
	var prices []Price
	var wrong []error
	seen := map[Price]bool{}
	for i, one := range read.Prices {
		at := read.Sources[one.Source]
		for _, problem := range one.problems(at) {
			wrong = append(wrong, fmt.Errorf("price %d (%s): %s", i+1, one.What, problem))
		}
		place := Price{Region: one.Region, What: one.What, Spot: one.Spot, Above: one.Above}
		if seen[place] {
			wrong = append(wrong, fmt.Errorf("price %d (%s): it is there twice", i+1, one.What))
		}
		seen[place] = true
		prices = append(prices, one.price(cloud, at))
	}
	return prices, errors.Join(wrong...)
}

func (r row) problems(from source) []string {
	var found []string
	for _, rule := range []struct {
		broken bool
		is     string
	}{
		{r.Region == "", "it has no region"},
		{r.What == "", "it does not say what it is of"},
		{perMonth[r.Unit] == 0, fmt.Sprintf("its unit is %q: it must be one of hour, month, GiB-month, GiB", r.Unit)},
		{r.USD == nil || *r.USD < 0, "its usd must be 0 or more"},
		{r.Above < 0, "it must not begin below the first unit"},
		{r.Family != "" && r.CPU < 1, "its family says nothing without its cpu"},
		{
			from.From == "" || from.Date.IsZero(),
			fmt.Sprintf("its source %q must be one of the sources, with from and date", r.Source),
		},
	} {
		if rule.broken {
			found = append(found, rule.is)
		}
	}
	return found
}

func (r row) price(cloud cluster.Cloud, from source) Price {
	usd := 0.0
	if r.USD != nil {
		usd = *r.USD
	}
	return Price{
		Cloud: cloud, Region: r.Region, What: r.What, Spot: r.Spot, Above: r.Above, Unit: r.Unit, USD: usd,
		Family: r.Family, CPU: r.CPU, Source: from.From, Date: from.Date,
	}
}
