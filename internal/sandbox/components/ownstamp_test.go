package components

import (
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestTheGoCommandIsAskedForOwnProgramsWhereTheyMayDiffer(t *testing.T) {
	tests := map[string]struct {
		reason string
		change func(*testing.T, project)
		asked  bool
	}{
		"source": {"it is compiled into the program", func(t *testing.T, p project) {
			t.Helper()
			p.write(t, "services/service.go", "package services\n")
		}, true},
		"embedded file": {"it is a part of the program", func(t *testing.T, p project) {
			t.Helper()
			p.write(t, "internal/permissions/needs/gke.yaml", "{}\n")
		}, true},
		"deleted source": {"what is left may not even compile", func(t *testing.T, p project) {
			t.Helper()
			require.NoError(t, os.Remove(p.dir+"/tools/x/own/main.go"))
		}, true},
		"program": {"somebody deleted it", func(t *testing.T, p project) {
			t.Helper()
			require.NoError(t, os.Remove(p.layout.Binary("published")))
		}, true},
		"another program": {"it is not what was built", func(t *testing.T, p project) {
			t.Helper()
			require.NoError(t, os.WriteFile(p.layout.Binary("published"), []byte("another"), 0o700))
		}, true},
		"flags": {"the same source makes another program", func(t *testing.T, _ project) {
			t.Helper()
			t.Setenv("GOFLAGS", "-race")
		}, true},
		"test": {"no program has it", func(t *testing.T, p project) {
			t.Helper()
			p.write(t, "services/service_test.go", "package services\n")
		}, false},
		"configuration": {"a program reads it when it runs", func(t *testing.T, p project) {
			t.Helper()
			p.write(t, "Pulumi.local.yaml", "config: {}\n")
		}, false},
		"hidden": {"what the sandbox keeps is no source", func(t *testing.T, p project) {
			t.Helper()
			p.write(t, ".sandbox/local/state/x.json", "{}\n")
		}, false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			p := newProject(t)
			p.run(t)
			test.change(t, p)
			assert.Equal(t, test.asked, contains(p.run(t), "build", "./cmd/tool"), test.reason)
		})
	}
}
