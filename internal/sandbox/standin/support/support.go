// Package support has the periods in which each cloud sells a minor version of Kubernetes: one table, with the day on
// which it was taken.
package support

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Minor is the period in which a cloud sells a minor version.
type Minor struct {
	// Version is the minor version, for example "1.35".
	Version string
	// From is the first day of standard support, Until the last one.
	From, Until time.Time
}

// Calendar lists the versions that one cloud sells.
type Calendar struct {
	// Cloud is the cloud's name in a configuration.
	Cloud string
	// Source is the cloud's own page about its versions.
	Source string
	// Minors are sorted, oldest first.
	Minors []Minor
}

// Sells reports whether a cluster of a version can be created on a day.
func (c Calendar) Sells(version string, day time.Time) bool {
	for _, minor := range c.Minors {
		if minor.Version == MinorOf(version) {
			return !day.Before(minor.From) && !day.After(minor.Until)
		}
	}
	return false
}

// SoldOn returns the minor versions that the cloud sells on a day, oldest first.
func (c Calendar) SoldOn(day time.Time) []string {
	var sold []string
	for _, minor := range c.Minors {
		if c.Sells(minor.Version, day) {
			sold = append(sold, minor.Version)
		}
	}
	return sold
}

// MinorOf returns the minor version of a version: "1.35" of "1.35.4-gke.1172000".
func MinorOf(version string) string {
	parts := strings.SplitN(version, ".", 3)
	return strings.Join(parts[:min(len(parts), 2)], ".")
}

// Steps returns the number of minor versions between two versions. It is negative if the second one is older.
func Steps(from, to string) (int, error) {
	before, err := number(from)
	if err != nil {
		return 0, err
	}
	after, err := number(to)
	return after - before, err
}

// number returns the minor version number within Kubernetes 1.
func number(version string) (int, error) {
	minor, is := strings.CutPrefix(MinorOf(version), "1.")
	counted, err := strconv.Atoi(minor)
	if !is || err != nil {
		return 0, fmt.Errorf("%q is no version of Kubernetes", version)
	}
	return counted, nil
}

// Table returns the calendars in Markdown: the end of each cloud's standard support, newest version first.
func Table() string {
	var text strings.Builder
	fmt.Fprintf(&text, "Standard support, as it stood on %s. A dash: no date was found, and the stand-in knows no such "+
		"version.\n\n", Taken.Format(time.DateOnly))
	text.WriteString("| version |")
	for _, calendar := range Calendars() {
		fmt.Fprintf(&text, " [%s](%s) |", strings.ToUpper(calendar.Cloud), calendar.Source)
	}
	text.WriteString("\n|---|---|---|---|\n")
	versions := versions()
	for i := len(versions) - 1; i >= 0; i-- {
		text.WriteString("| " + versions[i] + " |")
		for _, calendar := range Calendars() {
			text.WriteString(" " + calendar.until(versions[i]) + " |")
		}
		text.WriteString("\n")
	}
	return text.String()
}

func (c Calendar) until(version string) string {
	for _, minor := range c.Minors {
		if minor.Version == version && c.Sells(version, Taken) {
			return "until " + minor.Until.Format(time.DateOnly)
		}
		if minor.Version == version {
			return "ended " + minor.Until.Format(time.DateOnly)
		}
	}
	return "–"
}

// versions returns the versions that any cloud has a date for, oldest first.
func versions() []string {
	longest := AKS
	for _, calendar := range Calendars() {
		if len(calendar.Minors) > len(longest.Minors) {
			longest = calendar
		}
	}
	var all []string
	for _, minor := range longest.Minors {
		all = append(all, minor.Version)
	}
	return all
}
