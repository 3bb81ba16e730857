package changes

import (
	"strings"
	"testing"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/pulumi/pulumi/sdk/v3/go/common/diag/colors"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// reported returns the output of an operation with these events, each a second after the previous one.
func reported(t *testing.T, color colors.Colorization, expected int, lines ...string) string {
	t.Helper()
	var out strings.Builder
	r := NewReport(&out, color, expected)
	clock := r.last
	r.now = func() time.Time { return clock }
	_, err := Follow(logOf(t, lines...), ticking{r, func() { clock = clock.Add(time.Second) }})()
	require.NoError(t, err)
	return out.String()
}

// ticking advances the time with each event.
type ticking struct {
	*Report
	tick func()
}

func (t ticking) Show(event apitype.EngineEvent) { t.tick(); t.Report.Show(event) }

func TestEachResourceThatChangesIsOneLineWithACount(t *testing.T) {
	shown := reported(t, colors.Never, 10,
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

	shown := reported(t, colors.Never, 0, strings.ReplaceAll(change, "\n", "")+"\n")

	assert.Equal(t, "update   Deployment auth [data.key]\n", shown)
}

func TestWarningsAreKeptAndErrorsAreLeftToTheEnd(t *testing.T) {
	shown := reported(t, colors.Never, 0,
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
	r := NewReport(&out, colors.Never, 0)
	clock := r.last
	r.now = func() time.Time { return clock }
	r.begun[authURN], r.begun[stackURN] = clock, clock

	r.Idle()
	assert.Empty(t, out.String(), "it has only begun")
	clock = clock.Add(silence)
	r.Idle()
	r.Idle()

	assert.Equal(t, "waiting for Deployment auth\n", out.String(), "once for each silence")
}

func TestColoursAreAskedFor(t *testing.T) {
	created := step("resOutputsEvent", "create", authURN)

	assert.NotContains(t, reported(t, colors.Never, 0, created), "\x1b")
	assert.Contains(t, reported(t, colors.Always, 0, created), "\x1b")
}
