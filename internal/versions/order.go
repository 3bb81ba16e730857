package versions

import (
	"cmp"
	"slices"
)

var order = []Kind{Go, Kubernetes, Image, Chart, Module, Action}

// sorted returns each pin once, by kind, file and name.
func sorted(pins []Pin) []Pin {
	slices.SortStableFunc(pins, func(a, b Pin) int {
		return cmp.Or(
			cmp.Compare(slices.Index(order, a.Kind), slices.Index(order, b.Kind)),
			cmp.Compare(a.Where, b.Where),
			cmp.Compare(a.Name, b.Name),
			cmp.Compare(a.Version, b.Version),
		)
	})
	return slices.Compact(pins)
}
