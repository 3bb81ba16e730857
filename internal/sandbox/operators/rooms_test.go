package operators_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// features are the files that name an operator because they use it: they need it, wait for its release, or read its
// objects. docs/adding/operator.md tells how to add one.
var features = map[string][]string{
	"ArgoRollouts": {
		"internal/config/operators.go", "internal/platform/services.go", "internal/live/live.go", "internal/sandbox/retry.go",
	},
	"CertManager":     {"internal/ingress/operators.go"},
	"CloudNativePG":   ofData,
	"ECK":             {"internal/config/logs.go", "internal/platform/monitoring.go", "internal/platform/secrets.go"},
	"ExternalSecrets": {"internal/config/secrets.go", "internal/platform/secrets.go", "internal/live/secret.go"},
	"Strimzi":         ofData,
	"SealedSecrets":   {"internal/config/secrets.go", "internal/platform/secrets.go", "internal/live/secret.go"},
	"Traefik":         {"internal/ingress/operators.go"},
}

// ofData are the files of the data stores that name an operator.
var ofData = []string{
	"data/policies.go", "internal/config/data.go", "internal/platform/data.go", "internal/live/store.go",
	"internal/live/held.go",
}

// An operator is two files. Whatever installs, builds or runs operators knows none of them by name.
func TestNoFileButItsTwoAndItsFeaturesNamesAnOperator(t *testing.T) {
	named := regexp.MustCompile(`\boperator\.(?:New)?([A-Z]\w*?)(?:Args|Settings)?\b`)
	found := map[string]map[string]bool{}
	eachSource(t, func(path, text string) {
		for _, match := range named.FindAllStringSubmatch(text, -1) {
			if features[match[1]] == nil {
				continue
			}
			if found[match[1]] == nil {
				found[match[1]] = map[string]bool{}
			}
			found[match[1]][path] = true
		}
	})
	for name, allowed := range features {
		own := "internal/sandbox/operators/" + strings.ToLower(name) + ".go"
		want := map[string]bool{own: true}
		for _, path := range allowed {
			want[path] = true
		}
		assert.Equal(t, want, found[name], name)
	}
}

// eachSource calls visit with every file of the program that is no test.
func eachSource(t *testing.T, visit func(path, text string)) {
	t.Helper()
	root := os.DirFS("../../..")
	require.NoError(t, fs.WalkDir(root, ".", func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && (strings.HasPrefix(entry.Name(), ".") && path != "." || isTest(path)):
			return fs.SkipDir
		case entry.IsDir() || filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go"):
			return nil
		}
		text, err := fs.ReadFile(root, path)
		visit(path, string(text))
		return err
	}))
}

// isTest reports whether a folder holds code of tests.
func isTest(folder string) bool { return strings.HasSuffix(folder, "test") || folder == "tools" }
