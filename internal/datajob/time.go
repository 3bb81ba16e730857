package datajob

import (
	"fmt"
	"time"
)

// layouts are the ways to name a time: to the second, as the names of backups have it, or a whole day, of which the end
// counts.
var layouts = []struct {
	layout string
	adds   time.Duration
}{
	{time.RFC3339, 0},
	{"20060102T150405Z", 0},
	{time.DateOnly, 24*time.Hour - time.Second},
}

// ParseTime returns a time that a person names, in UTC.
func ParseTime(text string) (time.Time, error) {
	for _, one := range layouts {
		if parsed, err := time.Parse(one.layout, text); err == nil {
			return parsed.Add(one.adds).UTC(), nil
		}
	}
	return time.Time{}, fmt.Errorf("is %q: it must be a date, whose whole day counts, or a time such as "+
		"2026-11-27T02:15:00Z or 20261127T021500Z", text)
}
