package mocktest

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// AssertParents asserts that exactly the named roots have no parent, and that the parent of every other resource is a
// component. It reports all violations at once.
func (r *Recording) AssertParents(tb testing.TB, roots ...string) {
	tb.Helper()
	parentless := r.where(func(one *Resource) bool { return one.Parent == "" })
	assert.ElementsMatch(tb, roots, Names(parentless), "the resources without a parent")
	strays := r.where(func(one *Resource) bool {
		parent := r.find(one.Parent)
		return one.Parent != "" && (parent == nil || parent.Custom)
	})
	assert.Empty(tb, Refs(strays), "resources whose parent is no component")
}

// AssertExplicitProviders asserts that no resource uses a default provider, which would reach whatever cluster or
// account the machine happens to point at. A provider itself needs none.
func (r *Recording) AssertExplicitProviders(tb testing.TB) {
	tb.Helper()
	ambient := r.where(func(one *Resource) bool {
		return one.Custom && one.Provider == "" && !strings.HasPrefix(one.Type, providers)
	})
	assert.Empty(tb, Refs(ambient), "resources without an explicit provider")
}

// AssertDependsOn asserts that the engine finishes all of these before it starts with the resource.
func (r *Resource) AssertDependsOn(tb testing.TB, first ...string) {
	tb.Helper()
	var missing []string
	for _, ref := range first {
		if !slices.Contains(r.Dependencies, ref) {
			missing = append(missing, ref)
		}
	}
	assert.Empty(tb, missing, "%s does not wait for these", r.Name)
}
