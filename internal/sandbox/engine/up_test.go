package engine

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// same is a preview that finds one unchanged resource.
const same = events + `event '{"summaryEvent":{"resourceChanges":{"same":1}}}'`

// commands returns the first argument of each pulumi call.
func (f fixture) commands() []string {
	f.t.Helper()
	var first []string
	for _, line := range f.called() {
		first = append(first, strings.Fields(line)[0])
	}
	return first
}

func TestAnUpWithNothingToDoIsOnePreview(t *testing.T) {
	f := newFixture(t, same)
	f.write(f.checkpoint("dreamseed"), interrupted)
	f.write(f.stackConfig(), trackedStack)
	_, err := f.Up(t.Context(), Options{})
	require.NoError(t, err)
	require.Equal(t, []string{"preview", "up"}, f.commands(), "the control: nothing says yet that an up came to its end")

	summary, err := f.Up(t.Context(), Options{})

	require.NoError(t, err)
	assert.Equal(t, []string{"preview", "up", "preview"}, f.commands())
	assert.Equal(t, 1, summary.Counts["same"])
}

func TestAnUpIsNotSparedWhereMoreThanThePlanCouldDiffer(t *testing.T) {
	tests := map[string]struct {
		reason string
		change func(*testing.T, fixture)
	}{
		"state": {"an error of a wait, a pending operation, a run by hand: all are in it", func(_ *testing.T, f fixture) {
			f.write(f.checkpoint("dreamseed"), interrupted+" ")
		}},
		"state gone": {"nothing is known any more", func(_ *testing.T, f fixture) {
			f.write(f.checkpoint("dreamseed"), "")
		}},
		"configuration": {"a value may protect a resource, which no plan shows", func(_ *testing.T, f fixture) {
			f.write(f.stackConfig(), trackedStack+"  dreamseed:other: x\n")
		}},
		"program": {"it may order resources in another way, which no plan shows", func(t *testing.T, f fixture) {
			t.Helper()
			f.write(f.program(), "another")
		}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t, same)
			f.write(f.checkpoint("dreamseed"), interrupted)
			f.write(f.stackConfig(), trackedStack)
			_, err := f.Up(t.Context(), Options{})
			require.NoError(t, err)
			test.change(t, f)

			_, err = f.Up(t.Context(), Options{})

			require.NoError(t, err)
			assert.Equal(t, []string{"preview", "up", "preview", "up"}, f.commands(), test.reason)
		})
	}
}

func TestAFailedUpIsNotTakenForComplete(t *testing.T) {
	f := newFixture(t, `[ "$1" = up ] && exit 1
`+same)
	f.write(f.checkpoint("dreamseed"), interrupted)

	for range 2 {
		_, err := f.Up(t.Context(), Options{})
		require.Error(t, err)
	}

	assert.Equal(t, []string{"preview", "up", "preview", "up"}, f.commands(), "what failed is tried again")
}

func refreshed(found string) string {
	return events + `event '{"resourcePreEvent":{"metadata":{"op":"refresh","urn":"` + authURN + `"}}}'
event '{"resOutputsEvent":{"metadata":{"op":"refresh","urn":"` + authURN + `",` + found + `}}}'
event '{"resourcePreEvent":{"metadata":{"op":"same","urn":"` + authURN + `"}}}'
event '{"resOutputsEvent":{"metadata":{"op":"same","urn":"` + authURN + `","new":{}}}}'
event '{"summaryEvent":{"resourceChanges":{"same":1}}}'`
}

func TestWhatDriftedIsReadIntoTheStateBeforeTheUpdate(t *testing.T) {
	const bare = `{"urn":"x"}`
	tests := map[string]struct {
		found   string
		drifted bool
		reason  string
	}{
		"gone":    {`"old":` + bare + `,"new":null`, true, "it is created again"},
		"changed": {`"new":` + bare + `,"detailedDiff":{"spec":{"diffKind":"update"}}`, true, "it is set again"},
		"changed, without detail": {`"new":` + bare + `,"diffs":["spec"]`, true,
			"not every provider says what exactly differs"},
		"not well": {`"new":{"initErrors":["selects no pods"]}`, true, "it is awaited again"},
		"as it was": {`"new":` + bare + `,"detailedDiff":{}`, false,
			"reading it would forget an error that a wait left in the state"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t, refreshed(test.found))
			var out strings.Builder

			for range 2 {
				_, err := f.Up(t.Context(), Options{Out: &out})
				require.NoError(t, err)
			}

			if !test.drifted {
				assert.Equal(t, []string{"preview", "up", "preview"}, f.commands(), test.reason)
				return
			}
			require.Equal(t, []string{"preview", "refresh", "up", "preview", "refresh", "up"}, f.commands(), test.reason)
			assert.Contains(t, f.called()[1], "--yes --skip-preview --target "+authURN)
			assert.Contains(t, out.String(), "looked at again: 1")
		})
	}
}

// An update may return the object as it was before: the state then has the new inputs and the old outputs, and an
// update back to these would do nothing.
func TestOutputsThatAreNotTheLiveOnesAreReadBeforeTheyAreChanged(t *testing.T) {
	outputs := func(seconds, version, status string) string {
		return `{"outputs":{"spec":{"activeDeadlineSeconds":` + seconds + `},"status":"` + status + `",
			"metadata":{"name":"x","resourceVersion":"` + version + `"}}}`
	}
	tests := map[string]struct {
		old, found, planned string
		commands            []string
		reason              string
	}{
		"outdated and changed": {outputs("60", "1", "new"), outputs("3", "2", "done"), "update",
			[]string{"preview", "refresh", "up"}, "the update compares with them"},
		"outdated and left alone": {outputs("60", "1", "new"), outputs("3", "2", "done"), "same",
			[]string{"preview", "up"}, "reading it would forget an error that a wait left in the state"},
		"changed": {outputs("60", "1", "new"), outputs("60", "2", "done"), "update",
			[]string{"preview", "up"}, "a status and a version change by themselves"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			found := `"old":` + flat(test.old) + `,"new":` + flat(test.found)
			f := newFixture(t, strings.ReplaceAll(events+`event '{"resourcePreEvent":{"metadata":{"op":"refresh","urn":"URN"}}}'
event '{"resOutputsEvent":{"metadata":{"op":"refresh","urn":"URN",`+found+`}}}'
event '{"resourcePreEvent":{"metadata":{"op":"`+test.planned+`","urn":"URN"}}}'`, "URN", authURN))

			_, err := f.Up(t.Context(), Options{})

			require.NoError(t, err)
			assert.Equal(t, test.commands, f.commands(), test.reason)
		})
	}
}

// flat returns a document on one line, as in the event log.
func flat(document string) string { return strings.Join(strings.Fields(document), " ") }
