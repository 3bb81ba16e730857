package sandbox

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/internal/live"
	"github.com/dreamseed/platform/internal/sandbox/controlplane"
)

// looking returns one answer after the other, and repeats the last one forever.
func looking(answers ...[]live.Problem) func() ([]live.Problem, error) {
	return func() ([]live.Problem, error) {
		now := answers[0]
		if len(answers) > 1 {
			answers = answers[1:]
		}
		return now, nil
	}
}

func TestWhatIsUnderWayIsWaitedForAndWhatIsSettledIsNot(t *testing.T) {
	moving, over := []live.Problem{{What: "moving"}}, []live.Problem{{What: "moving"}, {What: "over", Settled: true}}
	cases := map[string]struct {
		answers [][]live.Problem
		want    []live.Problem
		waits   int
	}{
		"all is well":         {[][]live.Problem{nil}, nil, 0},
		"it comes to be well": {[][]live.Problem{moving, moving, nil}, nil, 1},
		"it is settled":       {[][]live.Problem{over, nil}, over, 0},
		"it comes to be lost": {[][]live.Problem{moving, over, nil}, over, 1},
	}
	for name, tt := range cases {
		t.Run(name, func(t *testing.T) {
			waits := 0
			short, err := outcome(t.Context(), looking(tt.answers...), func([]live.Problem) { waits++ })
			require.NoError(t, err)
			assert.Equal(t, tt.want, short)
			assert.Equal(t, tt.waits, waits, "it says so once")
		})
	}
}

func TestWhatIsUnderWayIsWaitedForNoLongerThanARelease(t *testing.T) {
	limited, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	short, err := outcome(limited, looking([]live.Problem{{What: "moving"}}), func([]live.Problem) {})
	require.NoError(t, err)
	assert.Equal(t, []live.Problem{{What: "moving"}}, short)
}

func TestNobodyIsJudgedByWhatCannotBeSeen(t *testing.T) {
	blind := errors.New("no answer")
	_, err := outcome(t.Context(), func() ([]live.Problem, error) { return nil, blind }, nil)
	assert.ErrorIs(t, err, blind)
}

func TestAComponentThatDoesNotRunIsTold(t *testing.T) {
	assert.Equal(t, []live.Problem{
		{What: "component kwok is Died: see kwok.log", Settled: true},
		{What: "component etcd is NotAnswering: see etcd.log"},
	}, componentProblems([]controlplane.ComponentStatus{
		{Name: "kwok", State: controlplane.Died, Log: "kwok.log"},
		{Name: "etcd", State: controlplane.NotAnswering, Log: "etcd.log"},
		{Name: "kube-apiserver", State: controlplane.Running},
	}))
}
