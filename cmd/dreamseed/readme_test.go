package main

import (
	"os"
	"regexp"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestTheReadmeNamesEveryCommandAndEveryExitCode(t *testing.T) {
	content, err := os.ReadFile("../../README.md")
	require.NoError(t, err)
	readme := string(content)

	names := 0
	for _, sub := range command().Commands() {
		if sub.IsAvailableCommand() && sub.Name() != "help" && sub.Name() != "completion" {
			assert.Contains(t, readme, sub.Name(), "the table of commands")
			names++
		}
	}
	assert.Greater(t, names, 3, "the control")
	codes := regexp.MustCompile(`(?m)^ {2}(\d+) `).FindAllStringSubmatch(exitCodeHelp, -1)
	require.Len(t, codes, 12)
	for _, code := range codes {
		assert.Regexp(t, `(?m)^\|.*\b`+code[1]+`\b.*\|`, readme, "the table of exit codes")
	}
}
