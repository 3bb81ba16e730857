package support

import (
	"flag"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "rewrite the table in the documentation")

func TestACloudSellsAVersionFromItsFirstDayToItsLast(t *testing.T) {
	for reason, c := range map[string]struct {
		version string
		day     time.Time
		want    bool
	}{
		"the day before":               {"1.33", day(2025, time.May, 27), false},
		"the first day":                {"1.33", day(2025, time.May, 28), true},
		"the last day":                 {"1.33", day(2026, time.July, 29), true},
		"the day after":                {"1.33", day(2026, time.July, 30), false},
		"a patch of it":                {"1.33.4", day(2026, time.July, 29), true},
		"a version that nobody has":    {"1.99", Taken, false},
		"what only begins like one":    {"1.3", Taken, false},
		"what is not a version at all": {"", Taken, false},
	} {
		t.Run(reason, func(t *testing.T) { assert.Equal(t, c.want, EKS.Sells(c.version, c.day)) })
	}
}

func TestStepsBetweenVersions(t *testing.T) {
	for reason, c := range map[string]struct {
		from, to string
		want     int
	}{
		"none":         {"1.34", "1.34.9", 0},
		"one up":       {"1.34", "1.35", 1},
		"two up":       {"1.33", "1.35", 2},
		"one down":     {"1.35", "1.34", -1},
		"over the ten": {"1.9", "1.10", 1},
	} {
		t.Run(reason, func(t *testing.T) {
			steps, err := Steps(c.from, c.to)
			require.NoError(t, err)
			assert.Equal(t, c.want, steps)
		})
	}
	for _, wrong := range []string{"", "latest", "2.1", "1"} {
		_, err := Steps("1.35", wrong)
		assert.ErrorContains(t, err, "is no version of Kubernetes", wrong)
	}
}

func TestTheCalendarsAreSound(t *testing.T) {
	require.Len(t, Calendars(), 3)
	for _, calendar := range Calendars() {
		require.NotEmpty(t, calendar.Minors, calendar.Cloud)
		assert.True(t, strings.HasPrefix(calendar.Source, "https://"), calendar.Cloud)
		for i, minor := range calendar.Minors {
			assert.True(t, minor.From.Before(minor.Until), "%s %s", calendar.Cloud, minor.Version)
			if i > 0 {
				steps, err := Steps(calendar.Minors[i-1].Version, minor.Version)
				require.NoError(t, err)
				assert.Equal(t, 1, steps, "%s has %s after the one before it", calendar.Cloud, minor.Version)
			}
		}
		assert.NotContains(t, calendar.SoldOn(Taken), "1.33", "nobody sells it any more")
		assert.Contains(t, calendar.SoldOn(Taken), "1.35", "what the tracked stacks ask for")
	}
}

const (
	page       = "../../../../docs/clouds/README.md"
	begin, end = "<!-- versions: begin, written by go test ./internal/sandbox/standin/support -update -->\n",
		"<!-- versions: end -->\n"
)

func TestTheDocumentationShowsTheTable(t *testing.T) {
	content, err := os.ReadFile(page)
	require.NoError(t, err)
	before, rest, found := strings.Cut(string(content), begin)
	require.True(t, found, "the page has the beginning of the table")
	shown, after, found := strings.Cut(rest, end)
	require.True(t, found, "the page has the end of the table")
	if *update {
		require.NoError(t, os.WriteFile(page, []byte(before+begin+Table()+end+after), 0o600))
		return
	}
	assert.Equal(t, Table(), shown, "go test -update rewrites it, if the change is meant")
}
