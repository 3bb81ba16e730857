package stand

import (
	"regexp"
	"slices"

	"github.com/dreamseed/platform/internal/sandbox/engine"
)

// hash ends the logical name of what is named by its content.
var hash = regexp.MustCompile("-[0-9a-f]{10,12}$")

// Changed are the logical names of what a run changes, sorted and without hashes.
func Changed(summary engine.Summary) []string {
	var names []string
	for _, step := range summary.Steps {
		names = append(names, hash.ReplaceAllString(step.Name, ""))
	}
	slices.Sort(names)
	return slices.Compact(names)
}
