package testbed

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// ObjectsSearched returns the objects of every kind. For Secrets, it returns only the annotations and labels.
func (s *Testbed) ObjectsSearched(t *testing.T) map[string]string {
	t.Helper()
	isSpecial := func(kind string) bool { return slices.Contains([]string{"secrets", "configmaps", "pods"}, kind) }
	kinds := slices.DeleteFunc(strings.Fields(s.Kubectl(t, "api-resources", "--verbs=list", "--output=name")), isSpecial)
	all := func(kinds, output string) string {
		return s.Kubectl(t, "get", kinds, "--all-namespaces", "--output="+output)
	}
	annotations := `jsonpath={range .items[*]}{.metadata.annotations}{.metadata.labels}{end}`
	return map[string]string{
		"the config maps": all("configmaps", "yaml"),
		"the pods":        all("pods", "yaml"),
		"annotations":     all("secrets,configmaps,pods,deployments", annotations),
		"other objects":   all(strings.Join(kinds, ","), "yaml"),
	}
}

// FilesSearched returns the files of the sandbox, except those that are meant to hold secrets: the API server's
// database, the credentials, and the key of the state.
func (s *Testbed) FilesSearched(t *testing.T) map[string]string {
	t.Helper()
	found := map[string]string{}
	for path, content := range s.files(t) {
		inside, err := filepath.Rel(s.Stack.Dir, path)
		require.NoError(t, err)
		if top, _, _ := strings.Cut(inside, string(filepath.Separator)); slices.Contains(keptSecrets, top) {
			continue
		}
		place := "the sandbox's other files"
		for _, part := range fileParts {
			if strings.HasPrefix(inside, part.prefix) && strings.HasSuffix(inside, part.suffix) {
				place = part.place
				break
			}
		}
		found[place] += inside + "\n" + content + "\n"
	}
	return found
}

var keptSecrets = []string{"etcd", "kubeconfig", "preview.kubeconfig", "certificates", "passphrase"}

// fileParts maps files to places by the prefixes and suffixes of their paths.
var fileParts = []struct{ prefix, suffix, place string }{
	{"logs/", "", "the sandbox's logs"},
	{"state/.pulumi/stacks/", ".json", "the state"},
	{"state/.pulumi/stacks/", "", "the state's backups"},
	{"state/.pulumi/backups/", "", "the state's backups"},
	{"state/.pulumi/history/", "", "the state's history"},
}

// files returns the content of every file of the stack's sandbox.
func (s *Testbed) files(t *testing.T) map[string]string {
	t.Helper()
	contents := map[string]string{}
	err := filepath.WalkDir(s.Stack.Dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		content, err := os.ReadFile(path) //nolint:gosec // nobody else works in the folder
		contents[path] = string(content)
		return err
	})
	require.NoError(t, err)
	return contents
}
