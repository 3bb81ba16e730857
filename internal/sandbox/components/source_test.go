package components

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// newSourceProject returns a project with one component that is built in the source tree of its module.
func newSourceProject(t *testing.T) project {
	t.Helper()
	p := newProject(t)
	p.write(t, "module/cmd/main.go", "package main // listens on 0.0.0.0\n")
	p.write(t, "module/crds/crd.yaml", "crd\n")
	makeReadOnly(t, filepath.Join(p.dir, "module"))
	p.components = []Component{{
		Name: "operator", Module: "tools/x", Package: "./cmd",
		Source: Source{
			Module: "example.com/server", Added: map[string]string{"webui/static/index.html": "none"},
			Edits: []Edit{{"cmd/main.go", "0.0.0.0", "127.0.0.1"}},
		},
		Assets: Files{"example.com/server", []string{"crds/crd.yaml"}}, Place: "manifests/operator",
	}}
	return p
}

// makeReadOnly gives a folder the permissions of the Go module cache.
func makeReadOnly(t *testing.T, folder string) {
	t.Helper()
	walk := func(mode fs.FileMode) {
		require.NoError(t, filepath.WalkDir(folder, func(path string, _ fs.DirEntry, err error) error {
			require.NoError(t, err)
			return os.Chmod(path, mode)
		}))
	}
	walk(0o500)
	t.Cleanup(func() { walk(0o700) })
}

func TestAModulesOwnSourceIsBuiltInACopyOfIt(t *testing.T) {
	p := newSourceProject(t)
	kept := filepath.Join(p.dir, "kept")
	p.write(t, "go", strings.Replace(fakeGo, "echo one >&2; echo two >&2", "cp -r . "+kept, 1))

	calls := p.run(t)

	assert.True(t, contains(calls, "build", "-trimpath -buildvcs=false ./cmd"), "%q", calls)
	assert.FileExists(t, p.layout.Binary("operator"))
	assert.FileExists(t, filepath.Join(p.layout.Bin, "manifests/operator/crd.yaml"))
	for path, content := range map[string]string{
		"cmd/main.go": "package main // listens on 127.0.0.1\n", "webui/static/index.html": "none", "crds/crd.yaml": "crd\n",
	} {
		built, err := os.ReadFile(filepath.Join(kept, path))
		require.NoError(t, err)
		assert.Equal(t, content, string(built))
	}
	untouched, err := os.ReadFile(filepath.Join(p.dir, "module/cmd/main.go"))
	require.NoError(t, err)
	assert.Contains(t, string(untouched), "0.0.0.0", "the module cache belongs to the Go command")
}

func TestTagsChooseWhatIsCompiled(t *testing.T) {
	p := newSourceProject(t)
	assert.False(t, contains(p.run(t), "-tags"))
	p.components[0].Tags = []string{"remove_all", "enable_one"}

	calls := p.run(t)

	assert.True(t, contains(calls, "build", "-tags remove_all,enable_one ./cmd"), "they are part of the stamp: %q", calls)
	assert.True(t, contains(calls, "list", "-tags remove_all,enable_one ./cmd"), "the packages that are counted")
}

// The other modules stay at the versions of the component's own module, so that packages are shared.
func TestARequiredModuleIsBuiltFromAnEditedCopyOfIt(t *testing.T) {
	p := newSourceProject(t)
	p.components[0].Package, p.components[0].Changed, p.components[0].Source = "./own", p.components[0].Source, Source{}
	p.components[0].Changed.Over = "./over"
	p.write(t, "tools/x/over/cmd/other.go", "package main // in place of another\n")
	kept := filepath.Join(p.dir, "kept")
	p.write(t, "go", strings.Replace(fakeGo, "echo one >&2; echo two >&2", "cp -r "+p.layout.Bin+" "+kept, 1))

	calls := p.run(t)

	assert.True(t, contains(calls, "build", "-modfile=", "operator.mod ./own"), "%q", calls)
	assert.False(t, contains(calls, "-trimpath"), "it would compile everything anew")
	work, err := filepath.Glob(filepath.Join(kept, workPrefix+"*"))
	require.NoError(t, err)
	require.Len(t, work, 1)
	for path, content := range map[string]string{
		"operator.mod": "require example.com/server v1.33.4 // indirect\n\nreplace example.com/server => ",
		"operator.sum": "sum\n", "operator-source/cmd/main.go": "package main // listens on 127.0.0.1\n",
		"operator-source/cmd/other.go": "package main // in place of another\n",
	} {
		built, err := os.ReadFile(filepath.Join(work[0], path))
		require.NoError(t, err)
		assert.Contains(t, string(built), content, path)
	}
	p.write(t, "tools/x/over/cmd/other.go", "package main // and another\n")
	require.NoError(t, os.RemoveAll(kept))
	assert.True(t, contains(p.run(t), "./own"), "what is laid over it is part of the stamp")
}

func TestWhatIsChangedInASourceIsPartOfTheStamp(t *testing.T) {
	changes := map[string]func(*Source){
		"added": func(s *Source) { s.Added = map[string]string{"webui/static/index.html": "other"} },
		"edits": func(s *Source) { s.Edits = []Edit{{"cmd/main.go", "0.0.0.0", "127.0.0.2"}} },
	}
	for name, change := range changes {
		t.Run(name, func(t *testing.T) {
			p := newSourceProject(t)
			p.run(t)
			change(&p.components[0].Source)

			assert.True(t, contains(p.run(t), "build", "./cmd"))
		})
	}
}

func TestAnEditThatDoesNotFitIsAnError(t *testing.T) {
	for name, old := range map[string]string{"gone": "0.0.0.1", "ambiguous": "0."} {
		t.Run(name, func(t *testing.T) {
			p := newSourceProject(t)
			p.components[0].Source.Edits[0].Old = old

			err := p.locked(context.Background(), p.build)

			require.ErrorContains(t, err, "changing cmd/main.go in the source of example.com/server")
			require.ErrorContains(t, err, "the pinned module has changed it")
			assert.NoFileExists(t, p.layout.Binary("operator"))
		})
	}
}

func TestAComponentWithoutAProgramIsItsFiles(t *testing.T) {
	p := newSourceProject(t)
	p.components[0].Package, p.components[0].Source = "", Source{}

	calls := p.run(t)

	assert.False(t, contains(calls, "build"), "%q", calls)
	assert.FileExists(t, filepath.Join(p.layout.Bin, "manifests/operator/crd.yaml"))
	p.out.Reset()
	require.NoError(t, os.Remove(filepath.Join(p.dir, ".notes")))
	require.NoError(t, p.locked(context.Background(), p.build))
	assert.NoFileExists(t, filepath.Join(p.dir, ".notes"), "the second time nothing is missing")
}
