package engine

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/internal/changes"
)

const authURN = `urn:pulumi:local::dreamseed::dreamseed:services:Service$kubernetes:apps/v1:Deployment::auth`

func TestALineIsShownWhileTheEngineStillRuns(t *testing.T) {
	f := newFixture(t, events+`event '{"resOutputsEvent":{"metadata":{"op":"create","urn":"`+authURN+`","new":{}}}}'
until [ -e "$(dirname "$0")/seen" ]; do sleep 0.01; done`)
	seen := &trigger{word: "auth", fire: func() { f.write(f.layout.Binary("seen"), "") }}

	_, err := f.Destroy(t.Context(), Options{Out: seen})

	require.NoError(t, err)
}

func TestAFailedRunNamesItsFailures(t *testing.T) {
	err := &RunError{
		Command: "up", Stack: "local", Err: errors.New("exit status 255"),
		Failures: []changes.Failure{
			{Resource: "Deployment user", Reason: "failed"}, {Resource: "Deployment auth", Reason: "a\nb"},
		},
	}

	assert.EqualError(t, err, `running pulumi up on stack local: exit status 255
  Deployment auth: a
    b
  Deployment user: failed`)
}
