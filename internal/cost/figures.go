package cost

import "math"

// Figures are a quantity in the three cases: the fewest nodes and pods that the configuration allows, those that are
// expected, and the most. The Minimum is never above the Expected, nor this above the Maximum.
type Figures struct {
	Minimum  float64 `json:"minimum"`
	Expected float64 `json:"expected"`
	Maximum  float64 `json:"maximum"`
}

// always returns a quantity that is the same in every case.
func always(count float64) Figures { return Figures{count, count, count} }

// each returns the figures with a function applied to each.
func (f Figures) each(of func(float64) float64) Figures {
	return Figures{of(f.Minimum), of(f.Expected), of(f.Maximum)}
}

func (f Figures) times(factor float64) Figures {
	return f.each(func(figure float64) float64 { return figure * factor })
}

func (f Figures) plus(more Figures) Figures {
	return Figures{f.Minimum + more.Minimum, f.Expected + more.Expected, f.Maximum + more.Maximum}
}

// cents rounds to what can be paid.
func (f Figures) cents() Figures {
	return f.each(func(figure float64) float64 { return math.Round(figure*100) / 100 })
}
