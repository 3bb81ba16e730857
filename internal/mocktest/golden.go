package mocktest

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "rewrite the golden files with what the program registers now")

// AssertGolden compares the inventory with testdata/<name>.golden. The golden shows a reviewer which resources a change
// adds, drops or renames; each rule has a test of its own.
func (r *Recording) AssertGolden(tb testing.TB, name string) {
	tb.Helper()
	AssertGolden(tb, name, r.Inventory())
}

// AssertGolden compares a text with testdata/<name>.golden.
func AssertGolden(tb testing.TB, name, text string) {
	tb.Helper()
	AssertFile(tb, filepath.Join("testdata", name+".golden"), text)
}

// AssertFile compares a text with a file that is generated from the program.
func AssertFile(tb testing.TB, path, text string) {
	tb.Helper()
	if *update {
		require.NoError(tb, os.MkdirAll(filepath.Dir(path), 0o750))
		require.NoError(tb, os.WriteFile(path, []byte(text), 0o600))
	}
	want, err := os.ReadFile(path)
	require.NoError(tb, err, "go test -update writes it")
	assert.Equal(tb, string(want), text, "go test -update rewrites %s, if the change is meant", path)
}

// Inventory returns one line for each resource: type, name and resource options, without the inputs.
func (r *Recording) Inventory() string {
	var lines strings.Builder
	for _, one := range r.Resources {
		lines.WriteString(one.line() + "\n")
	}
	return lines.String()
}

func (r *Resource) line() string {
	line := r.Type + " " + r.Name
	for _, fact := range []struct{ name, value string }{
		{"parent", nameOf(r.Parent)},
		{"provider", nameOf(r.Provider)},
		{"protect", yes(r.Protect)},
		{"retainOnDelete", yes(r.RetainOnDelete)},
		{"ignoreChanges", strings.Join(r.IgnoreChanges, ",")},
		{"replaceOnChanges", strings.Join(r.ReplaceOnChanges, ",")},
		{"deleteBeforeReplace", yes(r.DeleteBeforeReplace)},
		{"aliases", strings.Join(r.renames(), ",")},
		{"secrets", strings.Join(r.Secrets, ",")},
	} {
		if fact.value != "" {
			line += fmt.Sprintf(" %s=%s", fact.name, fact.value)
		}
	}
	return line
}

// renames returns the aliases, without those that an SDK adds for former API versions.
func (r *Resource) renames() []string {
	var names []string
	for _, alias := range r.Aliases {
		if !strings.HasSuffix(alias, "::") {
			names = append(names, alias)
		}
	}
	return names
}

// nameOf returns the name of a Ref; the type has a line of its own.
func nameOf(ref string) string {
	_, name, _ := strings.Cut(ref, "::")
	return name
}

func yes(fact bool) string {
	if fact {
		return "true"
	}
	return ""
}
