package alerttest

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"github.com/dreamseed/platform/monitoring/rule"
)

// Write writes the rule files of the environment and the files with the cases into a folder, and returns their paths:
// rules for `promtool check rules`, tests for `promtool test rules`.
func Write(t *testing.T, folder string) (rules, tests []string) {
	t.Helper()
	files := Files()
	for _, name := range slices.Sorted(maps.Keys(files)) {
		rules = append(rules, write(t, folder, name, files[name]))
	}
	for _, path := range caseFiles(t) {
		cases, err := os.ReadFile(path)
		require.NoError(t, err)
		alert := alertOf(path)
		tested := write(t, folder, "tested-"+alert+".yaml", rule.File{Groups: groupsOf(alert, string(cases))})
		header, err := yaml.Marshal(map[string]any{"rule_files": []string{tested}, "evaluation_interval": "1m"})
		require.NoError(t, err)
		completed := filepath.Join(folder, "cases-"+alert+".yaml")
		require.NoError(t, os.WriteFile(completed, slices.Concat(header, cases), 0o600))
		tests = append(tests, completed)
	}
	return rules, tests
}

func write(t *testing.T, folder, name string, file rule.File) string {
	t.Helper()
	content, err := file.Marshal()
	require.NoError(t, err)
	path := filepath.Join(folder, name)
	require.NoError(t, os.WriteFile(path, []byte(content), 0o600))
	return path
}

// groupsOf returns the rules that the cases of an alert run on: those of the platform, or of the services that the
// cases name.
func groupsOf(alert, cases string) []rule.Group {
	files := Files()
	var groups []rule.Group
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if name == platform || strings.Contains(cases, strings.TrimSuffix(name, ".yaml")) {
			groups = append(groups, only(alert, files[name].Groups)...)
		}
	}
	return groups
}

// only returns the groups with no other alert, and without annotations: promtool would compare texts word for word.
func only(alert string, groups []rule.Group) []rule.Group {
	isAlert := func(one rule.Rule) bool { return one.Alert == alert }
	if !slices.ContainsFunc(rule.Alerts(groups), isAlert) {
		return nil
	}
	var kept []rule.Group
	for _, group := range groups {
		group.Rules = slices.DeleteFunc(slices.Clone(group.Rules), func(one rule.Rule) bool {
			return one.Alert != "" && !isAlert(one)
		})
		for i := range group.Rules {
			group.Rules[i].Annotations = nil
		}
		if len(group.Rules) > 0 {
			kept = append(kept, group)
		}
	}
	return kept
}
