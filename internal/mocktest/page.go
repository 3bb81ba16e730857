package mocktest

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Words returns the matches of a pattern's first group in a section of a file, between two texts, sorted. Tests use it
// to compare the requirements in a page with those of the program.
func Words(tb testing.TB, file, from, to, pattern string) []string {
	tb.Helper()
	content, err := os.ReadFile(file)
	require.NoError(tb, err)
	_, after, found := strings.Cut(string(content), from)
	require.True(tb, found, "%s: %s", file, from)
	part, _, found := strings.Cut(after, to)
	require.True(tb, found, "%s: %s", file, to)
	var all []string
	for _, one := range regexp.MustCompile(pattern).FindAllStringSubmatch(part, -1) {
		all = append(all, one[1])
	}
	require.NotEmpty(tb, all, file)
	return slices.Sorted(slices.Values(all))
}
