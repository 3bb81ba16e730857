package freeze_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/internal/freeze"
)

var (
	stacks = []string{"local", "production", "staging"}
	now    = time.Date(2026, 12, 20, 12, 0, 0, 0, time.UTC)
)

const kept = `# Nobody deploys on a holiday.
- stack: staging # the demo
  reason: "the demo for the board"
  # They leave at six.
  until: 2026-12-21T18:00:00Z
`

func opened(t *testing.T, content string) (file *freeze.File, path string) {
	t.Helper()
	folder := t.TempDir()
	path = filepath.Join(folder, freeze.Name)
	require.NoError(t, os.WriteFile(path, []byte(content), 0o600))
	file, err := freeze.Open(folder, stacks)
	require.NoError(t, err)
	return file, path
}

func read(t *testing.T, path string) string {
	t.Helper()
	content, err := os.ReadFile(path)
	require.NoError(t, err)
	return string(content)
}

func TestAStackIsFrozenUntilTheEnd(t *testing.T) {
	file, _ := opened(t, kept)
	end := time.Date(2026, 12, 21, 18, 0, 0, 0, time.UTC)

	var frozen *freeze.FrozenError
	require.ErrorAs(t, file.Check("staging", end.Add(-time.Second)), &frozen)
	require.EqualError(t, frozen, "staging is frozen until 2026-12-21T18:00:00Z: the demo for the board")
	require.NoError(t, file.Check("staging", end), "it is over")
	assert.NoError(t, file.Check("production", now), "another stack")
}

func TestTheDayOfADateCounts(t *testing.T) {
	for reason, until := range map[string]string{"plain": "2026-12-24", "quoted": `"2026-12-24"`} {
		file, _ := opened(t, "- {stack: production, reason: nobody is there, until: "+until+"}\n")
		require.Error(t, file.Check("production", time.Date(2026, 12, 24, 23, 59, 59, 0, time.UTC)), reason)
		require.NoError(t, file.Check("production", time.Date(2026, 12, 25, 0, 0, 0, 0, time.UTC)), reason)
	}
}

func TestWithoutAFileNothingIsFrozen(t *testing.T) {
	file, err := freeze.Open(t.TempDir(), stacks)
	require.NoError(t, err)
	require.NoError(t, file.Check("production", now))
	for reason, content := range map[string]string{"empty": "", "comments": "# none\n", "an empty list": "[]\n"} {
		file, _ := opened(t, content)
		assert.NoError(t, file.Check("production", now), reason)
	}
}

func TestAWrongFileIsNotTakenForNone(t *testing.T) {
	cases := map[string]struct {
		reason, content string
		says            []string
	}{
		"no YAML":     {"nothing can be read", "- [", []string{"freeze.yaml"}},
		"no list":     {"it would name one stack", "stack: production\n", []string{"must be a list"}},
		"no object":   {"it has no end", "- production\n", []string{"freeze 1, line 1", "stack, reason, until"}},
		"second part": {"YAML readers stop before it", "[]\n---\n- {stack: production}\n", []string{"one YAML document"}},
		"unknown key": {"a typing mistake", kept + "  unitl: 2026-12-24\n", []string{"freeze 1, line 2: unitl is not"}},
		"key twice":   {"which one counts?", kept + "  until: 2026-12-22\n", []string{"until is given twice"}},
		"stack twice": {"which one counts?", kept + kept, []string{"freeze 2, line 7", "must not be listed twice"}},
		"unknown stack": {
			"production would not be frozen", "- {stack: prod, reason: nobody is there, until: 2026-12-24}",
			[]string{`stack is "prod": it must be one of local, production, staging`},
		},
		"other zone": {
			"its end is not where people look", "- {stack: staging, reason: nobody is there, until: 2026-12-24T18:00:00+01:00}",
			[]string{"a time in UTC"},
		},
		"no such day": {
			"nor is it over", "- {stack: staging, reason: nobody is there, until: 2026-02-30}",
			[]string{`until is "2026-02-30"`},
		},
		"everything": {
			"all mistakes are told at once", "- {stack: prod, reason: no, until: soon}\n- {stack: [staging], reason: }\n",
			[]string{
				`stack is "prod"`, `reason is "no"`, `until is "soon"`, `stack is ""`, `reason is ""`,
				"freeze 2, line 2: until is missing",
			},
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			folder := t.TempDir()
			require.NoError(t, os.WriteFile(filepath.Join(folder, freeze.Name), []byte(c.content), 0o600))
			_, err := freeze.Open(folder, stacks)
			var wrong *freeze.ContentError
			require.ErrorAs(t, err, &wrong, c.reason)
			for _, word := range c.says {
				assert.ErrorContains(t, err, word)
			}
		})
	}
}

func TestANewFreezeIsChecked(t *testing.T) {
	cases := map[string]struct {
		why, reason, until string
		says               []string
	}{
		"short":  {"a word helps nobody", "holidays", "2026-12-24", []string{`reason is "holidays"`, "10 characters"}},
		"blank":  {"blanks are no reason", "           ", "2026-12-24", []string{"10 characters"}},
		"no end": {"it would never end", "nobody is there", "", []string{`until is ""`}},
		"over": {
			"it would freeze nothing", "nobody is there", "2026-12-19", []string{"2026-12-20T00:00:00Z", "must not be over"},
		},
		"this very": {"it ends as it begins", "nobody is there", "2026-12-20T12:00:00Z", []string{"must not be over"}},
		"both":      {"all is told at once", "no", "soon", []string{"10 characters", `until is "soon"`}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			_, err := freeze.New("production", c.reason, c.until, now)
			var wrong *freeze.ContentError
			require.ErrorAs(t, err, &wrong, c.why)
			for _, word := range c.says {
				assert.ErrorContains(t, err, word)
			}
		})
	}
	frozen, err := freeze.New("production", "nobody is there", "2026-12-20", now)
	require.NoError(t, err, "the control: the day is not over yet")
	assert.Equal(t, "2026-12-21T00:00:00Z", frozen.Ends())
}

func TestAFreezeIsAddedReplacedAndLifted(t *testing.T) {
	file, path := opened(t, kept)
	frozen, err := freeze.New("production", "the year's end: yes, really", "2027-01-01", now)
	require.NoError(t, err)
	require.NoError(t, file.Set(frozen))
	assert.Equal(t, kept, read(t, path), "until it is saved")
	require.NoError(t, file.Save())
	const added = `- stack: production
  reason: 'the year''s end: yes, really'
  until: 2027-01-02T00:00:00Z
`
	assert.Equal(t, kept+added, read(t, path))

	longer, err := freeze.New("staging", "the demo takes a day longer", "2026-12-22T18:00:00Z", now)
	require.NoError(t, err)
	require.NoError(t, file.Set(longer))
	require.NoError(t, file.Save())
	assert.Equal(t, `# Nobody deploys on a holiday.
- stack: staging # the demo
  reason: "the demo takes a day longer"
  # They leave at six.
  until: 2026-12-22T18:00:00Z
`+added, read(t, path), "its comments stay")

	again, err := freeze.Open(filepath.Dir(path), stacks)
	require.NoError(t, err, "what was written can be read")
	was, found := again.Of("production")
	require.True(t, found)
	assert.Equal(t, frozen, was)

	require.NoError(t, again.Lift("staging"))
	require.NoError(t, again.Save())
	assert.Equal(t, "# Nobody deploys on a holiday.\n"+added, read(t, path))
	assert.NoError(t, again.Check("staging", now))
}

func TestAFileOfCommentsKeepsThem(t *testing.T) {
	file, path := opened(t, "# Ask the platform team first.\n")
	frozen, err := freeze.New("production", "2026 is nearly over", "2026-12-31", now)
	require.NoError(t, err)
	require.NoError(t, file.Set(frozen))
	require.NoError(t, file.Save())
	assert.Equal(t, `# Ask the platform team first.
- stack: production
  reason: 2026 is nearly over
  until: 2027-01-01T00:00:00Z
`, read(t, path))

	require.NoError(t, file.Lift("production"))
	require.NoError(t, file.Save())
	assert.Equal(t, "# Ask the platform team first.\n[]\n", read(t, path))
	again, err := freeze.Open(filepath.Dir(path), stacks)
	require.NoError(t, err)
	_, found := again.Of("production")
	assert.False(t, found)
}
