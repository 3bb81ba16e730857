package testbed

import (
	"regexp"
	"slices"

	"github.com/dreamseed/platform/internal/changes"
)

// hash matches the end of a logical name that contains a hash of the content.
var hash = regexp.MustCompile("-[0-9a-f]{10,12}$")

// Changed returns the logical names of the resources that a run changes, sorted and without hashes.
func Changed(summary changes.Summary) []string {
	var names []string
	for _, step := range summary.Steps {
		names = append(names, hash.ReplaceAllString(step.Name, ""))
	}
	slices.Sort(names)
	return slices.Compact(names)
}
