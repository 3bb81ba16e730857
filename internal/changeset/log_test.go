package changeset_test

import (
	"bytes"
	"errors"
	"regexp"
	"slices"
	"strconv"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/internal/changeset"
	"github.com/dreamseed/platform/internal/changeset/changesettest"
)

func TestAWholeLogIsReadAsOneSetOfChanges(t *testing.T) {
	cases := map[string]struct {
		having map[changeset.Operation]int
		failed bool
		reason string
	}{
		changesettest.Nothing: {nil, false, "nothing differs"},
		changesettest.Release: {map[changeset.Operation]int{"create": 1, "update": 1, "delete": 1}, false,
			"a migration takes the place of the former one, and the pods get another image"},
		changesettest.LogLevel: {map[changeset.Operation]int{"create": 7, "update": 7, "delete": 7}, false,
			"each service gets another ConfigMap"},
		changesettest.Unprotect: {map[changeset.Operation]int{"keep": 2}, false,
			"the engine calls a protection that ends no change"},
		changesettest.Failed:    {nil, true, "the configuration is refused before the first resource"},
		changesettest.Protected: {nil, true, "the engine deletes nothing that is protected"},
	}
	for name, tt := range cases {
		t.Run(name, func(t *testing.T) {
			set := changesettest.Read(t, name)

			assert.Equal(t, tt.failed, set.Failed(), tt.reason)
			if !tt.failed {
				counted := map[changeset.Operation]int{}
				for _, change := range set.Changes {
					counted[change.Operation]++
				}
				if tt.having == nil {
					tt.having = map[changeset.Operation]int{}
				}
				assert.Equal(t, tt.having, counted, tt.reason)
			}
			assert.True(t, set.Preview)
		})
	}
}

func TestAReplacementIsOneChange(t *testing.T) {
	set := changesettest.Read(t, changesettest.Replace)

	require.NotEmpty(t, set.Changes)
	assert.Len(t, set.Having(changeset.Replace), len(set.Changes), "no half of a replacement is left over")
	for _, change := range set.Changes {
		assert.NotNil(t, change.Old, change.URN)
		assert.NotNil(t, change.New, change.URN)
		assert.NotEmpty(t, change.Reasons, change.URN)
	}
}

// edit changes a log.
type edit func(log []byte) []byte

func replacing(old, with string) edit {
	return func(log []byte) []byte { return bytes.Replace(log, []byte(old), []byte(with), 1) }
}

func withoutLines(from, to int) edit {
	return func(log []byte) []byte {
		lines := bytes.SplitAfter(log, []byte("\n"))
		if from < 0 {
			from, to = len(lines)-1+from, len(lines)-1
		}
		return bytes.Join(append(lines[:from:from], lines[to:]...), nil)
	}
}

func TestALogThatCannotBeJudgedIsRefused(t *testing.T) {
	cases := map[string]struct {
		edit   edit
		says   string
		reason string
	}{
		"empty":         {func([]byte) []byte { return nil }, "cut off", "the engine wrote nothing"},
		"half a line":   {func(log []byte) []byte { return log[:len(log)/2] }, "cut off", "killed while it wrote"},
		"no end":        {withoutLines(-1, 0), "cut off", "the last event says that the run ended"},
		"no summary":    {withoutTheSummary, "summary", "no plan was made"},
		"a gap":         {withoutLines(20, 21), "missing", "an event in the middle is missing"},
		"two runs":      {func(log []byte) []byte { return slices.Concat(log, log) }, "another run", "which of them counts"},
		"not JSON":      {replacing(`{"sequence"`, `{sequence`), "no event", "another file"},
		"unknown event": {replacing(`"preludeEvent"`, `"teleportEvent"`), "kind", "a newer engine"},
		"unknown step":  {replacing(`"op":"update"`, `"op":"teleport"`), "teleport", "a newer engine"},
		"unknown diff":  {replacing(`"diffKind":"update"`, `"diffKind":"twist"`), "twist", "a newer engine"},
		"other stack":   {replacing(`"urn":"urn:pulumi:local::`, `"urn":"urn:pulumi:staging::`), "staging", "another log"},
		"other project": {replacing(`local::dreamseed::`, `local::shop::`), "shop", "another log"},
		"no URN":        {replacing(`"urn":"urn:pulumi:local::`, `"urn":"local::`), "URN", "of whom is it"},
		"corrupt":       {replacing(`"maybeCorrupt":false`, `"maybeCorrupt":true`), "corrupt", "the engine itself says so"},
	}
	for name, tt := range cases {
		t.Run(name, func(t *testing.T) {
			log := changesettest.Content(t, changesettest.Release)
			edited := tt.edit(bytes.Clone(log))
			require.NotEqual(t, log, edited, "the control: the log was edited")

			_, err := changeset.Read(bytes.NewReader(edited), "dreamseed", "local")

			var refused *changeset.LogError
			require.ErrorAs(t, err, &refused, tt.reason)
			assert.ErrorContains(t, err, tt.says, tt.reason)
		})
	}
}

// withoutTheSummary leaves out the last event but one.
func withoutTheSummary(log []byte) []byte {
	lines := bytes.SplitAfter(log, []byte("\n"))
	last := len(lines) - 2 // an empty text follows the last line
	moved := bytes.Replace(lines[last], []byte(strconv.Itoa(last)), []byte(strconv.Itoa(last-1)), 1)
	return bytes.Join(append(lines[:last-1:last-1], moved), nil)
}

func TestALogOfAKilledEngineIsRefused(t *testing.T) {
	_, err := changeset.Read(changesettest.Open(t, changesettest.Killed), "dreamseed", "local")

	assert.ErrorContains(t, err, "cut off")
}

func TestALogThatCannotBeReadIsRefused(t *testing.T) {
	broken := errors.New("the disk is gone")

	_, err := changeset.Read(failing{broken}, "dreamseed", "local")

	assert.ErrorIs(t, err, broken)
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

var timestamp = regexp.MustCompile(`"timestamp":[0-9]+`)

func TestADigestIsThatOfTheChange(t *testing.T) {
	digest := func(log []byte) string {
		set, err := changeset.Read(bytes.NewReader(log), "dreamseed", "local")
		require.NoError(t, err)
		return set.Digest()
	}
	log := changesettest.Content(t, changesettest.Release)
	original := digest(log)
	same := map[string]edit{
		"another day":   func(log []byte) []byte { return timestamp.ReplaceAll(log, []byte(`"timestamp":1`)) },
		"a slower run":  replacing(`"durationSeconds":`, `"durationSeconds":1`),
		"other remarks": replacing(`"message":"`, `"message":"again `),
	}
	for name, edited := range same {
		assert.Equal(t, original, digest(edited(bytes.Clone(log))), name)
	}
	other := map[string]edit{
		"another value": func(log []byte) []byte {
			return bytes.ReplaceAll(log, []byte("auth-service:v2"), []byte("auth-service:v3"))
		},
		"another path": func(log []byte) []byte {
			return bytes.ReplaceAll(log, []byte(`"spec.template.spec.containers[0].image":{`), []byte(`"spec.replicas":{`))
		},
		"another operation": func(log []byte) []byte {
			return bytes.ReplaceAll(log, []byte(`"op":"delete"`), []byte(`"op":"replace"`))
		},
		"another resource": func(log []byte) []byte {
			return bytes.ReplaceAll(log, []byte(`::auth-deployment"`), []byte(`::auth-deploymint"`))
		},
	}
	for name, edited := range other {
		assert.NotEqual(t, original, digest(edited(bytes.Clone(log))), name)
	}
}

func TestTheFormerValueIsTheOneThatTheEngineComparedWith(t *testing.T) {
	state := changeset.State{
		Inputs:  map[string]any{"spec": map[string]any{"replicas": 2.0}},
		Outputs: map[string]any{"spec": map[string]any{"replicas": 5.0}},
	}
	cases := map[string]struct {
		diff   apitype.PropertyDiff
		want   any
		reason string
	}{
		"inputs": {apitype.PropertyDiff{InputDiff: true}, 2.0, "what the program gave before"},
		"live":   {apitype.PropertyDiff{}, 5.0, "what another hand made of it"},
	}
	for name, tt := range cases {
		change := changeset.Change{Old: &state, New: &state, Paths: map[string]apitype.PropertyDiff{"spec.replicas": tt.diff}}

		old, found := change.OldValue("spec.replicas")
		assert.True(t, found, name)
		assert.Equal(t, tt.want, old, "%s: %s", name, tt.reason)
		now, _ := change.NewValue("spec.replicas")
		assert.InDelta(t, 2, now, 0, name)
	}
}
