package leak_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const root = "../.."

// talkative matches a request for an engine's log level above 8. From 9 on the engine logs the values of properties,
// secrets among them.
var talkative = regexp.MustCompile(`(^|[\s"'\x60])(-v|--verbose)[= "',]*(9|[1-9][0-9]+)\b`)

// No script, test or page of this repository may produce a log that has to be kept secret.
func TestNothingHereLogsAboveLevelEight(t *testing.T) {
	listed, err := exec.Command("git", "-C", root, "ls-files", "-z", "--cached", "--others", "--exclude-standard").Output()
	require.NoError(t, err)
	files := strings.Split(strings.TrimRight(string(listed), "\x00"), "\x00")
	require.NotEmpty(t, files)
	for _, file := range files {
		content, err := os.ReadFile(filepath.Join(root, file))
		if os.IsNotExist(err) || filepath.Base(file) == "loglevel_test.go" {
			continue // deleted and not committed yet, or this very file
		}
		require.NoError(t, err)
		for _, line := range strings.Split(string(content), "\n") {
			assert.False(t, talkative.MatchString(line), "%s: %s", file, line)
		}
	}
}

// The control: commands that request such a level.
func TestATalkativeCommandIsRecognized(t *testing.T) {
	for _, line := range []string{"pulumi up -v=9", "pulumi up --verbose 11", `"--logtostderr", "-v=10",`, `"-v", "9"`} {
		assert.True(t, talkative.MatchString(line), line)
	}
	for _, line := range []string{"pulumi up -v=8", `"--logtostderr", "-v=8",`, "go test -v", "app-v9", "version -v=1.9"} {
		assert.False(t, talkative.MatchString(line), line)
	}
}
