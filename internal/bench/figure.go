package main

import (
	"fmt"
	"os"
	"slices"
	"time"

	"github.com/jedib0t/go-pretty/v6/table"
)

// unit is the format of a figure's values.
type unit string

const (
	inSeconds   unit = "%.1f s"
	inGigabytes unit = "%.1f GB"
	inNumbers   unit = "%.0f"
	inTimes     unit = "%.2f x"
)

func (u unit) show(value float64) string { return fmt.Sprintf(string(u), value) }

// figure is a measured value, with all of its measurements.
type figure struct {
	name string
	unit unit
	// target is the promised value; 0 if there is none.
	target float64
	values []float64
}

// figures holds the figures in the order of their first measurement.
type figures struct {
	all    []*figure
	ratios []ratio
}

// ratio compares the medians of two runners for the same task.
type ratio struct {
	what, of, over string
	// target is the promised value.
	target float64
}

// compare sets the ratios that the table shows.
func (f *figures) compare(ratios []ratio) { f.ratios = ratios }

// median returns the median of a measured figure.
func (f *figures) median(name string) float64 {
	for _, known := range f.all {
		if known.name == name {
			values := slices.Sorted(slices.Values(known.values))
			return values[len(values)/2]
		}
	}
	return 0
}

// add records a value and prints it, to show progress.
func (f *figures) add(measured figure, value float64) {
	fmt.Fprintf(os.Stderr, "%s: %s\n", measured.name, measured.unit.show(value))
	for _, known := range f.all {
		if known.name == measured.name {
			known.values = append(known.values, value)
			return
		}
	}
	measured.values = []float64{value}
	f.all = append(f.all, &measured)
}

// time measures how many seconds a function takes.
func (f *figures) time(name string, promise time.Duration, do func() error) error {
	start := time.Now()
	if err := do(); err != nil {
		return fmt.Errorf("measuring %q: %w", name, err)
	}
	f.add(figure{name: name, unit: inSeconds, target: promise.Seconds()}, time.Since(start).Seconds())
	return nil
}

func (f *figures) table() string {
	rows := table.NewWriter()
	rows.SetStyle(table.StyleLight)
	rows.AppendHeader(table.Row{"figure", "target", "min", "median", "max"})
	for _, one := range f.all {
		values := slices.Sorted(slices.Values(one.values))
		rows.AppendRow(table.Row{
			one.name, one.promise(),
			one.unit.show(values[0]), one.unit.show(values[len(values)/2]), one.unit.show(values[len(values)-1]),
		})
	}
	for _, one := range f.ratios {
		value := f.median(one.what+": "+one.of) / f.median(one.what+": "+one.over)
		rows.AppendRow(table.Row{
			fmt.Sprintf("%s: %s to %s", one.what, one.of, one.over), inTimes.show(one.target), "", inTimes.show(value), "",
		})
	}
	return rows.Render()
}

func (f *figure) promise() string {
	if f.target == 0 {
		return ""
	}
	return f.unit.show(f.target)
}
