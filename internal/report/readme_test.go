package report_test

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestTheReadmeShowsARealComment(t *testing.T) {
	golden, err := os.ReadFile("testdata/release.md")
	require.NoError(t, err)
	var quoted strings.Builder
	for line := range strings.Lines(string(golden)) {
		quoted.WriteString(strings.TrimRight("> "+line, " \n") + "\n")
	}

	readme, err := os.ReadFile("../../README.md")

	require.NoError(t, err)
	assert.Contains(t, string(readme), quoted.String(), "the comment in the README is testdata/release.md, quoted")
}
