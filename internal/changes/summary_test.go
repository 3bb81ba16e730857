package changes

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/pulumi/pulumi/sdk/v3/go/common/diag/colors"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const (
	stackURN = `urn:pulumi:local::dreamseed::pulumi:pulumi:Stack::dreamseed-local`
	authURN  = `urn:pulumi:local::dreamseed::dreamseed:services:Service$kubernetes:apps/v1:Deployment::auth`
	userURN  = `urn:pulumi:local::dreamseed::dreamseed:services:Service$kubernetes:apps/v1:Deployment::user`
)

func step(kind, op, urn string) string {
	const format = `{"%s":{"metadata":{"op":"%s","urn":"%s","type":"kubernetes:apps/v1:Deployment"}}}` + "\n"
	return fmt.Sprintf(format, kind, op, urn)
}

func message(severity, urn, text string) string {
	return `{"diagnosticEvent":{"urn":"` + urn + `","message":"` + text + `","severity":"` + severity + `"}}` + "\n"
}

func summaryOf(t *testing.T, lines ...string) Summary {
	t.Helper()
	events, err := eventsOf(t, lines...)
	require.NoError(t, err)
	return Summarize(events)
}

// logOf returns the path of an event log with these lines.
func logOf(t *testing.T, lines ...string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "events.jsonl")
	require.NoError(t, os.WriteFile(path, []byte(strings.Join(lines, "")), 0o600))
	return path
}

// eventsOf reads an event log with these lines.
func eventsOf(t *testing.T, lines ...string) ([]apitype.EngineEvent, error) {
	t.Helper()
	return Follow(logOf(t, lines...), NewReport(nil, colors.Never, 0))()
}

func TestASummaryListsWhatChangesAndCountsAll(t *testing.T) {
	summary := summaryOf(t,
		step("resourcePreEvent", "same", stackURN),
		step("resourcePreEvent", "update", authURN),
		step("resOutputsEvent", "update", authURN),
		step("resourcePreEvent", "refresh", userURN),
		step("resOutputsEvent", "delete", userURN),
		`{"summaryEvent":{"resourceChanges":{"same":7,"update":1,"delete":1,"read":2}}}`+"\n",
	)

	assert.Equal(t, []Step{
		{Operation: apitype.OpUpdate, URN: authURN, Type: "kubernetes:apps/v1:Deployment", Name: "auth"},
		{Operation: apitype.OpDelete, URN: userURN, Type: "kubernetes:apps/v1:Deployment", Name: "user"},
	}, summary.Steps)
	assert.Equal(t, 7, summary.Counts[apitype.OpSame])
	assert.Equal(t, 2, summary.Changes())
}

func TestAFailureNamesTheResourceAndTheReasonOnce(t *testing.T) {
	summary := summaryOf(t,
		message("error", authURN, `<{%fg 1%}>image cannot be pulled<{%reset%}>\n`),
		message("error", authURN, "image cannot be pulled"),
		message("warning", userURN, "slow"),
		step("resOpFailedEvent", "update", authURN),
		step("resOpFailedEvent", "update", userURN),
		message("error", stackURN, "update failed"),
	)

	var said []string
	for _, failure := range Sorted(summary.Failures) {
		said = append(said, failure.String())
	}
	assert.Equal(t, []string{
		"kubernetes:apps/v1:Deployment auth: image cannot be pulled",
		"kubernetes:apps/v1:Deployment user: failed",
	}, said)
}

func TestAGeneralFailureIsKeptWhereItIsTheOnlyOne(t *testing.T) {
	summary := summaryOf(t, message("error", stackURN, "update failed"))

	assert.Equal(t, "update failed", summary.Failures[0].String())
}

func TestAnEventThatAKilledEngineDidNotFinishIsLeftOut(t *testing.T) {
	summary := summaryOf(t, step("resourcePreEvent", "create", authURN), `{"resourcePreEvent":{"meta`)

	assert.Len(t, summary.Steps, 1)
}

func TestABrokenEventIsAnError(t *testing.T) {
	_, err := eventsOf(t, "{}\n{broken\n")

	assert.ErrorContains(t, err, "decoding event 2")
}
