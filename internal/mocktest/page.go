package mocktest

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Words are what the first group of a pattern finds in the part of a file between two texts, sorted. What a page asks
// of its reader is compared with what the program says by them.
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
