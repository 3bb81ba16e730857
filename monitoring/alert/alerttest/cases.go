package alerttest

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"github.com/dreamseed/platform/internal/sandbox/layout"
)

// Case is a case of an alert: series go in, and alerts are expected at a time.
type Case struct {
	Name string `yaml:"name"`
	// Expectations have the alerts that fire, or none.
	Expectations []Expectation `yaml:"alert_rule_test"`
}

// Expectation are the alerts of a name that fire at a time.
type Expectation struct {
	Alert  string `yaml:"alertname"`
	Firing []struct {
		Labels map[string]string `yaml:"exp_labels"`
	} `yaml:"exp_alerts"`
}

// Fires reports whether an alert is expected.
func (e Expectation) Fires() bool { return len(e.Firing) > 0 }

// Of returns what is expected of an alert, in the order of the file.
func (c Case) Of(alert string) []Expectation {
	return slices.DeleteFunc(slices.Clone(c.Expectations), func(e Expectation) bool { return e.Alert != alert })
}

// Cases returns the cases of each file, by the name of the alert that the file is for.
func Cases(t *testing.T) map[string][]Case {
	t.Helper()
	all := map[string][]Case{}
	for _, path := range caseFiles(t) {
		data, err := os.ReadFile(path)
		require.NoError(t, err)
		var file struct {
			Tests []Case `yaml:"tests"`
		}
		require.NoError(t, yaml.Unmarshal(data, &file), path)
		all[alertOf(path)] = file.Tests
	}
	return all
}

// caseFiles returns the paths of the files with cases.
func caseFiles(t *testing.T) []string {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(Project(t), "monitoring", "alert", "testdata", "*.yaml"))
	require.NoError(t, err)
	require.NotEmpty(t, paths)
	return paths
}

func alertOf(path string) string { return strings.TrimSuffix(filepath.Base(path), ".yaml") }

// Project returns the root of the repository.
func Project(t *testing.T) string {
	t.Helper()
	here, err := os.Getwd()
	require.NoError(t, err)
	project, err := layout.FindProject(here)
	require.NoError(t, err)
	return project
}
