package alert_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/monitoring/alert"
	"github.com/dreamseed/platform/monitoring/alert/alerttest"
	"github.com/dreamseed/platform/monitoring/rule"
)

func TestEveryAlertHasARunbookAndEveryRunbookAnAlert(t *testing.T) {
	folder := filepath.Join(alerttest.Project(t), filepath.Dir(alert.Runbook("Any")))
	entries, err := os.ReadDir(folder)
	require.NoError(t, err)
	var pages []string
	for _, entry := range entries {
		if name := strings.TrimSuffix(entry.Name(), ".md"); name != "README" {
			pages = append(pages, name)
		}
	}
	assert.ElementsMatch(t, names(t), pages)
}

func TestTheIndexListsEachRunbookWithItsSeverities(t *testing.T) {
	index := read(t, filepath.Dir(alert.Runbook("Any"))+"/README.md")
	for _, one := range alerts(t) {
		link := "| [" + one.Alert + "](" + one.Alert + ".md) |"
		require.Equal(t, 1, strings.Count(index, link), one.Alert)
		_, row, _ := strings.Cut(index, link)
		severities, _, _ := strings.Cut(row, "|")
		assert.Contains(t, severities, one.Labels[rule.SeverityLabel], one.Alert)
	}
	assert.Equal(t, len(names(t)), strings.Count(index, ".md)"), "no other page")
}

func TestARunbookSaysWhatItMeansWhereToLookAndWhatToDo(t *testing.T) {
	for _, name := range names(t) {
		page := read(t, alert.Runbook(name))
		assert.True(t, strings.HasPrefix(page, "# "+name+"\n"), name)
		for _, part := range []string{"**Meaning.**", "**Look.**", "**Do.**"} {
			assert.Contains(t, page, part, name)
		}
	}
}

func read(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(alerttest.Project(t), filepath.FromSlash(path)))
	require.NoError(t, err)
	return string(data)
}
