package engine

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// reported returns the output of an operation with these events, each a second after the previous one.
func reported(t *testing.T, options Options, lines ...string) string {
	t.Helper()
	var out strings.Builder
	options.Out = &out
	r := options.report()
	clock := r.last
	r.now = func() time.Time { return clock }
	log, err := newEventLog(t.TempDir())
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(log.path, []byte(strings.Join(lines, "")), 0o600))
	_, err = log.follow(ticking{r, func() { clock = clock.Add(time.Second) }})()
	require.NoError(t, err)
	return out.String()
}

// ticking advances the time with each event.
type ticking struct {
	*report
	tick func()
}

func (t ticking) show(event apitype.EngineEvent) { t.tick(); t.report.show(event) }

func TestEachResourceThatChangesIsOneLineWithACount(t *testing.T) {
	shown := reported(t, Options{expected: 10},
		step("resourcePreEvent", "same", stackURN), step("resOutputsEvent", "same", stackURN),
		step("resourcePreEvent", "create", authURN),
		`{"diagnosticEvent":{"urn":"`+authURN+`","message":"Waiting for pods","severity":"info","ephemeral":true}}`+"\n",
		step("resourcePreEvent", "update", userURN),
		step("resOutputsEvent", "create", authURN), step("resOutputsEvent", "create", authURN),
		step("resOutputsEvent", "update", userURN),
		`{"summaryEvent":{"resourceChanges":{"same":7,"update":1,"create":1},"durationSeconds":4}}`+"\n",
	)

	assert.Equal(t, `[ 1/10] created  Deployment auth 3.0s
[ 2/10] updated  Deployment user 3.0s
1 created, 1 updated, 7 unchanged in 4s
`, shown)
}

func TestAPlanNamesPropertiesAndNoValues(t *testing.T) {
	change := `{"resOutputsEvent":{"planning":true,"metadata":{"op":"update","urn":"` + authURN + `",
		"old":{"inputs":{"data":"old-value"}},"new":{"inputs":{"data":"new-value"}},
		"detailedDiff":{"data.key":{"diffKind":"update"}}}}}`

	shown := reported(t, Options{}, strings.ReplaceAll(change, "\n", "")+"\n")

	assert.Equal(t, "update   Deployment auth [data.key]\n", shown)
}

func TestWarningsAreKeptAndErrorsAreLeftToTheEnd(t *testing.T) {
	shown := reported(t, Options{},
		message("warning", authURN, `<{%fg 1%}>deprecated<{%reset%}>\n`), message("warning", authURN, "deprecated"),
		message("info", stackURN, "of the program"), message("error", userURN, "image cannot be pulled"),
		step("resOpFailedEvent", "update", userURN),
	)

	assert.Equal(t, `kubernetes:apps/v1:Deployment auth: warning: deprecated
of the program
FAILED   Deployment user
`, shown)
}

func TestALongWaitIsExplained(t *testing.T) {
	var out strings.Builder
	r := Options{Out: &out}.report()
	clock := r.last
	r.now = func() time.Time { return clock }
	r.begun[authURN], r.begun[stackURN] = clock, clock

	r.idle()
	assert.Empty(t, out.String(), "it has only begun")
	clock = clock.Add(silence)
	r.idle()
	r.idle()

	assert.Equal(t, "waiting for Deployment auth\n", out.String(), "once for each silence")
}

func TestColoursAreAskedFor(t *testing.T) {
	created := step("resOutputsEvent", "create", authURN)

	assert.NotContains(t, reported(t, Options{}, created), "\x1b")
	assert.Contains(t, reported(t, Options{Color: true}, created), "\x1b")
}

func TestALineIsShownWhileTheEngineStillRuns(t *testing.T) {
	f := newFixture(t, events+`event '{"resOutputsEvent":{"metadata":{"op":"create","urn":"`+authURN+`","new":{}}}}'
until [ -e "$(dirname "$0")/seen" ]; do sleep 0.01; done`)
	seen := &trigger{word: "auth", fire: func() { f.write(f.layout.Binary("seen"), "") }}

	_, err := f.Destroy(t.Context(), Options{Out: seen})

	require.NoError(t, err)
}
