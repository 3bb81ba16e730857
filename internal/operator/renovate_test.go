package operator_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/internal/operator"
)

// renovate is the part of Renovate's configuration that finds charts
// (https://docs.renovatebot.com/modules/manager/regex).
type renovate struct {
	CustomManagers []struct {
		CustomType          string
		ManagerFilePatterns []string
		MatchStrings        []string
		DatasourceTemplate  string
	}
}

// Renovate matches with RE2, as Go does, and takes the path of a file relative to the repository.
func TestRenovateFindsExactlyTheChartsOfTheOperators(t *testing.T) {
	var settings renovate
	require.NoError(t, json.Unmarshal([]byte(read(t, "..", "..", "renovate.json")), &settings))
	require.Len(t, settings.CustomManagers, 1)
	charts := settings.CustomManagers[0]
	assert.Equal(t, "regex", charts.CustomType)
	assert.Equal(t, "helm", charts.DatasourceTemplate)
	require.Len(t, charts.ManagerFilePatterns, 1)
	require.Len(t, charts.MatchStrings, 1)
	files := regexp.MustCompile(betweenSlashes(t, charts.ManagerFilePatterns[0]))
	pattern := regexp.MustCompile(charts.MatchStrings[0])

	var found []operator.Chart
	for _, path := range goFiles(t) {
		if !files.MatchString(path) {
			continue
		}
		content, err := os.ReadFile(filepath.Join("..", "..", path))
		require.NoError(t, err)
		for _, match := range pattern.FindAllStringSubmatch(string(content), -1) {
			found = append(found, operator.Chart{
				Repository: match[pattern.SubexpIndex("registryUrl")],
				Name:       match[pattern.SubexpIndex("depName")],
				Version:    match[pattern.SubexpIndex("currentValue")],
			})
		}
	}
	assert.ElementsMatch(t, operator.Charts(), found)
	assert.Len(t, found, len(operator.Names()), "each operator has a chart")
}

// A pattern between slashes is a regular expression, any other one a glob
// (https://docs.renovatebot.com/configuration-options/#managerfilepatterns).
func betweenSlashes(t *testing.T, pattern string) string {
	t.Helper()
	require.True(t, strings.HasPrefix(pattern, "/") && strings.HasSuffix(pattern, "/"), pattern)
	return pattern[1 : len(pattern)-1]
}

// goFiles returns the Go files of the project's packages, as paths relative to it.
func goFiles(t *testing.T) []string {
	t.Helper()
	var found []string
	for _, folders := range []string{"*.go", "*/*.go", "*/*/*.go", "*/*/*/*.go"} {
		matches, err := filepath.Glob(filepath.Join("..", "..", folders))
		require.NoError(t, err)
		for _, path := range matches {
			found = append(found, strings.TrimPrefix(filepath.ToSlash(path), "../../"))
		}
	}
	require.Greater(t, len(found), 300)
	return found
}
