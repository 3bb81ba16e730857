package store

import (
	"slices"

	"github.com/dreamseed/platform/internal/invalid"
)

// Setting is a key of a store's section that only one mode heeds.
type Setting struct {
	// Key is the key below the section.
	Key string
	// Value is its value, and Given reports whether there is one.
	Value any
	Given bool
	// Of is the mode that heeds it.
	Of Mode
}

// Validate adds the mistakes of a store's mode to the problems: one that does not exist or that the cluster cannot
// have, and settings that it would not heed. Section is the key of the store, for example data.redis, and possible are
// the modes that the cluster can have. Validate reports whether the mode can be used.
func (m Mode) Validate(section string, possible []Mode, settings []Setting, problems *invalid.Problems) bool {
	key := section + ".mode"
	switch {
	case !slices.Contains(Modes(), m):
		problems.Add(key, invalid.Given(string(m)), "%s", invalid.OneOf(Modes()))
		return false
	case !slices.Contains(possible, m):
		problems.Add(key, string(m), "%s: the platform does not have the cloud run it (cluster.cloud)",
			invalid.OneOf(possible))
		return false
	}
	for _, one := range settings {
		if one.Given && one.Of != m {
			problems.Add(section+"."+one.Key, one.Value, "must not be given: %s is %s, which does not heed it", key, m)
		}
	}
	return true
}
