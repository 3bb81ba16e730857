package engine

import (
	"context"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/internal/changes"
)

// events defines a shell function that writes a line to the file of --event-log.
const events = `while [ $# -gt 0 ]; do [ "$1" = --event-log ] && log=$2; shift; done
event() { echo "$1" >> "$log"; }
`

func TestAnOperationReturnsWhatTheEngineReports(t *testing.T) {
	f := newFixture(t, events+`event '{"summaryEvent":{"resourceChanges":{"same":3,"create":1}}}'
echo progress; echo "warning: old" >&2`)
	var out strings.Builder

	summary, err := f.Up(t.Context(), Options{Out: &out})

	require.NoError(t, err)
	assert.Equal(t, 1, summary.Changes())
	assert.Equal(t, "1 created, 3 unchanged in 0s\nwarning: old\n", out.String(), "the engine's own progress is not shown")
	left, err := os.ReadDir(f.stack.Processes())
	require.NoError(t, err)
	assert.Empty(t, left, "neither the event log nor the record outlives the run")
}

func TestEachOperationIsTheEnginesOwnCommand(t *testing.T) {
	f := newFixture(t, events+`event '{"summaryEvent":{"resourceChanges":{"update":1}}}'`)
	all := Options{Color: true, Refresh: true, ExpectNoChanges: true}
	for _, operation := range []func(context.Context, Options) (changes.Summary, error){f.Preview, f.Up, f.Destroy} {
		_, err := operation(t.Context(), Options{})
		require.NoError(t, err)
		_, err = operation(t.Context(), all)
		require.NoError(t, err)
	}

	common := " --stack local --cwd " + f.stack.Project() + " --non-interactive --color "
	var commands []string
	for _, line := range f.called() {
		words := strings.Fields(line)
		assert.Equal(t, []string{"--parallel", "64", "--event-log"}, words[1:4])
		commands = append(commands, words[0]+" "+strings.ReplaceAll(strings.Join(words[5:], " "), common[1:], ""))
	}
	assert.Equal(t, []string{
		"preview never", "preview --refresh --expect-no-changes never",
		"preview --refresh never", "up --yes --skip-preview --suppress-outputs never",
		"preview --refresh never", "up --yes --skip-preview --suppress-outputs --expect-no-changes never",
		"destroy --yes --skip-preview never",
		"destroy --yes --skip-preview never",
	}, commands)
}

const protected = `{"version":3,"checkpoint":{"latest":{"resources":[{"urn":"` + authURN + `","protect":true}]}}}`

func TestNothingIsTouchedWhereThePreviewFails(t *testing.T) {
	for name, operation := range map[string]func(*Engine, context.Context, Options) (changes.Summary, error){
		"preview": (*Engine).Up, "destroy": (*Engine).Destroy,
	} {
		f := newFixture(t, events+`event '{"summaryEvent":{"resourceChanges":{"delete":1}}}'; echo no; exit 255`)
		f.write(f.checkpoint("dreamseed"), protected)
		var out strings.Builder

		summary, err := operation(f.Engine, t.Context(), Options{Out: &out})

		var refused *RunError
		require.ErrorAs(t, err, &refused)
		assert.Equal(t, name, refused.Command)
		assert.Equal(t, 1, summary.Changes(), "what was planned is known")
		for _, command := range f.called() {
			assert.Regexp(t, "^preview |--preview-only", command, "the second step is not taken")
		}
		assert.Empty(t, out.String(), "what failed is in the error")
	}
}

// A dry run cannot first take a field over from its manager, as an update does.
func TestAPreviewThatFailsOverALiveObjectAloneIsGoneBeyond(t *testing.T) {
	f := newFixture(t, `case "$*" in preview*--refresh*) touch "$5"; echo no; exit 255;; esac
`+events+`event '{"summaryEvent":{"resourceChanges":{"update":1}}}'`)

	summary, err := f.Up(t.Context(), Options{})

	require.NoError(t, err)
	assert.Equal(t, 1, summary.Changes())
	last := f.called()[len(f.called())-1]
	assert.Regexp(t, "^up .*--refresh", last, "what is live has to be known for it")
}

func TestAFailureBeforeTheEngineStartsIsReportedInItsWords(t *testing.T) {
	f := newFixture(t, `echo "warning: x" >&2; echo "error: no such stack" >&2; exit 255`)

	_, err := f.Preview(t.Context(), Options{})

	assert.EqualError(t, err, "running pulumi preview on stack local: exit status 255\n  no such stack")
}

func TestACancelledContextInterruptsTheEngineGracefully(t *testing.T) {
	f := newFixture(t, events+`trap 'echo cancelling >&2; exit 1' INT
event '{"diagnosticEvent":{"message":"started","severity":"info"}}'; while :; do sleep 0.05; done`)
	ctx, cancel := context.WithCancel(t.Context())
	out := &trigger{word: "started", fire: cancel}

	_, err := f.Preview(ctx, Options{Out: out})

	require.ErrorIs(t, err, context.Canceled)
	require.ErrorContains(t, err, "cancelling")
	assert.NoFileExists(t, f.record())
}

// trigger fires when a word is written.
type trigger struct {
	word string
	fire func()
}

func (t *trigger) Write(p []byte) (int, error) {
	if strings.Contains(string(p), t.word) {
		t.fire()
	}
	return len(p), nil
}

func TestNothingThatTheEngineStartedOutlivesIt(t *testing.T) {
	f := newFixture(t, `sleep 600 >/dev/null 2>&1 & echo $! > "$(dirname "$0")/child"; exit 3`)

	_, err := f.Up(t.Context(), Options{})

	require.ErrorContains(t, err, "exit status 3")
	child, err := strconv.Atoi(strings.TrimSpace(f.read(filepath.Join(f.layout.Bin, "child"))))
	require.NoError(t, err)
	assert.True(t, ended(int32(child)))
}

func TestTheEngineIsOnRecordWhileItRuns(t *testing.T) {
	f := newFixture(t, "")
	f.write(f.layout.Binary("pulumi"), "#!/bin/sh\nuntil [ -s "+f.record()+" ]; do sleep 0.01; done\n"+
		"echo $$ > "+f.calledFile()+"\ncp "+f.record()+" "+f.calledFile()+".record\n")

	_, err := f.Up(t.Context(), Options{})

	require.NoError(t, err)
	recorded, err := loadSession(f.calledFile() + ".record")
	require.NoError(t, err)
	assert.Equal(t, strings.TrimSpace(f.read(f.calledFile())), strconv.Itoa(int(recorded.PID)))
	assert.NoFileExists(t, f.record())
}
