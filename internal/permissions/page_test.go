package permissions_test

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/internal/permissions"
)

var update = flag.Bool("update", false, "write the pages and documents anew from what is granted")

// Readers follow the page, and the documents that it names.
func TestThePagesSayWhatIsGranted(t *testing.T) {
	for cloud := range clouds {
		t.Run(cloud, func(t *testing.T) {
			path := docs(cloud + ".md")
			page := string(read(t, path))
			want, err := permissions.WithSection(page, granted(t, cloud).Section())
			require.NoError(t, err)
			writtenAs(t, path, want)
		})
	}
}

func TestTheDocumentsAreWhatIsGranted(t *testing.T) {
	for cloud := range clouds {
		t.Run(cloud, func(t *testing.T) {
			documents, err := granted(t, cloud).Documents()
			require.NoError(t, err)
			require.NotEmpty(t, documents)
			for name, content := range documents {
				writtenAs(t, docs(cloud, name), content)
			}
			found, err := filepath.Glob(docs(cloud, "permissions-*"))
			require.NoError(t, err)
			assert.Len(t, found, len(documents), "a document that nothing writes any more: %v", found)
		})
	}
}

func writtenAs(t *testing.T, path, want string) {
	t.Helper()
	if *update {
		require.NoError(t, os.WriteFile(path, []byte(want), 0o600))
	}
	assert.Equal(t, want, string(read(t, path)), "go test ./internal/permissions -update writes %s", path)
}

// A page without its lines would never be updated again.
func TestAPageWithoutItsLinesIsRefused(t *testing.T) {
	for _, page := range []string{"", "# EKS\n", "<!-- The rest is written by hand. -->\n"} {
		_, err := permissions.WithSection(page, "anything")
		assert.Error(t, err, page)
	}
}

// The page contains every command that needs grants.
func TestEveryStepIsOnThePage(t *testing.T) {
	steps := 0
	for cloud := range clouds {
		for command := range needs(t, cloud).Steps {
			assert.Contains(t, string(read(t, docs(cloud+".md"))), command)
			steps++
		}
	}
	assert.NotZero(t, steps)
}
