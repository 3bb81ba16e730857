package cost

import (
	"encoding/json"
	"fmt"
	"time"
)

// Output is what a stack says about its cost, as its output `cost`. It changes with the configuration and the price
// table alone, and never with time.
type Output struct {
	// Figures are in Currency a month, in whole cents.
	Figures
	Currency string `json:"currency"`
	// LowerBound reports whether something has no price; Missing names it.
	LowerBound bool     `json:"lowerBound"`
	Missing    []string `json:"missing"`
	// Budget is that of the configuration, 0 for none.
	Budget int `json:"budget"`
}

// Output returns the stack's output.
func (e Estimate) Output() Output {
	return Output{
		Figures: e.Total.cents(), Currency: Currency, LowerBound: e.LowerBound(), Missing: append([]string{}, e.Missing...),
		Budget: e.Terms.Budget,
	}
}

// document is an estimate in JSON.
type document struct {
	Output
	Parts    []documentPart `json:"parts"`
	Saving   *Figures       `json:"saving"`
	Capacity Capacity       `json:"capacity"`
	Prices   []usedPrice    `json:"prices"`
}

type documentPart struct {
	Part Part `json:"part"`
	Figures
}

type usedPrice struct {
	Of     string  `json:"of"`
	Above  float64 `json:"above,omitempty"`
	USD    float64 `json:"usd"`
	Unit   Unit    `json:"unit"`
	Source string  `json:"source"`
	Date   string  `json:"date"`
	Stale  bool    `json:"stale"`
}

// JSON returns the estimate for other programs, with the prices that it comes from.
func (e Estimate) JSON(today time.Time) (string, error) {
	whole := document{Output: e.Output(), Capacity: e.Capacity, Parts: []documentPart{}, Prices: []usedPrice{}}
	for _, part := range e.Parts {
		whole.Parts = append(whole.Parts, documentPart{part.Part, part.Cost.cents()})
	}
	if e.Saving != nil {
		saving := e.Saving.cents()
		whole.Saving = &saving
	}
	for _, price := range e.Used {
		whole.Prices = append(whole.Prices, usedPrice{
			Of: price.thing().String(), Above: price.Above, USD: price.USD, Unit: price.Unit, Source: price.Source,
			Date: price.Date.Format(time.DateOnly), Stale: price.Stale(today),
		})
	}
	encoded, err := json.MarshalIndent(whole, "", "  ")
	if err != nil {
		return "", fmt.Errorf("encoding the cost: %w", err)
	}
	return string(encoded) + "\n", nil
}
