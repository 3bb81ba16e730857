package config

import (
	"maps"
	"slices"
	"strings"

	"github.com/dreamseed/platform/internal/invalid"
)

// engineNamespace holds the settings that the engine itself reads, such as pulumi:tags. The engine refuses unknown ones
// or leaves them to later versions.
const engineNamespace = "pulumi:"

// refuseForeign reports keys that nothing reads. A misspelt project name produces such a key, and so does provider
// configuration: it applies to default providers, which this project disables. The program itself configures every
// provider.
func refuseForeign(values map[string]string, problems *invalid.Problems) {
	for _, key := range slices.Sorted(maps.Keys(values)) {
		if !strings.HasPrefix(key, prefix) && !strings.HasPrefix(key, engineNamespace) {
			problems.AddForeign(key, "has no effect: the keys of this project begin with %s, those of the engine with %s, "+
				"and providers get what they need from %scluster", prefix, engineNamespace, prefix)
		}
	}
}
