package config

import (
	"maps"
	"slices"
	"strings"

	"github.com/dreamseed/platform/internal/invalid"
)

// engineNamespace is that of the settings that the engine itself reads, such as pulumi:tags. What it does not know of
// them, it refuses or leaves to later versions.
const engineNamespace = "pulumi:"

// refuseForeign reports keys that nothing reads. A misspelt project name makes one, and so does the configuration of a
// provider: it is for default providers, which this project disables. Every provider here is told what it has to know
// by the program.
func refuseForeign(values map[string]string, problems *invalid.Problems) {
	for _, key := range slices.Sorted(maps.Keys(values)) {
		if !strings.HasPrefix(key, prefix) && !strings.HasPrefix(key, engineNamespace) {
			problems.AddForeign(key, "has no effect: the keys of this project begin with %s, those of the engine with %s, "+
				"and providers get what they need from %scluster", prefix, engineNamespace, prefix)
		}
	}
}
