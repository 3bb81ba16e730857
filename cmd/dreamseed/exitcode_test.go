package main

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/dreamseed/platform/internal/changeset"
	"github.com/dreamseed/platform/internal/drift"
	"github.com/dreamseed/platform/internal/freeze"
	"github.com/dreamseed/platform/internal/guard"
	"github.com/dreamseed/platform/internal/release"
	"github.com/dreamseed/platform/internal/render"
	"github.com/dreamseed/platform/internal/sandbox"
	"github.com/dreamseed/platform/internal/sandbox/engine"
	"github.com/dreamseed/platform/internal/stack"
	"github.com/dreamseed/platform/internal/stackfile"
)

func TestExitCodeTellsAScriptWhatHappened(t *testing.T) {
	failure := errors.New("failure")
	cases := map[string]struct {
		err    error
		want   int
		reason string
	}{
		"done":         {nil, 0, "nothing went wrong"},
		"failed":       {failure, 1, "an error of no special kind"},
		"arguments":    {&usageError{failure}, 2, "the command line is wrong"},
		"input":        {&sandbox.InputError{Err: failure}, 2, "the configuration is wrong"},
		"stack's file": {&stackfile.ContentError{Err: failure}, 2, "the file that was to be changed is wrong"},
		"state":        {&render.InputError{Err: failure}, 2, "there is nothing to render, or no place for it"},
		"no stack":     {&stack.PulumiError{Err: stack.ErrNoStack}, 2, "the name is wrong"},
		"release":      {&release.RefusedError{Err: failure}, 2, "nothing was written"},
		"freeze":       {&freeze.ContentError{Err: failure}, 2, "a freeze that cannot be read is not taken for none"},
		"frozen":       {&freeze.FrozenError{}, 7, "nobody releases now"},
		"not running":  {&sandbox.NotRunningError{Stack: "local"}, 3, "there is nothing to work on"},
		"unhealthy":    {fmt.Errorf("%w: see the table", errUnhealthy), 3, "something of it does not run"},
		"no cluster":   {fmt.Errorf("reading: %w", stack.ErrNoCluster), 3, "nothing was deployed yet"},
		"busy":         {&sandbox.BusyError{Stack: "local"}, 4, "another run of ours"},
		"busy engine":  {&engine.BusyError{Stack: "local", PID: 1}, 4, "a run of pulumi by hand"},
		"event log":    {&changeset.LogError{Err: failure}, 2, "it cannot be judged"},
		"approvals":    {&guard.ApprovalError{Err: failure}, 2, "the file is wrong"},
		"guard":        {&guardError{1}, 5, "nobody approved what hurts"},
		"other change": {&digestError{"a", "b"}, 6, "nobody has seen it"},
		"accepted":     {&drift.AcceptedError{Err: failure}, 2, "the file of accepted deviations is wrong"},
		"suspicious":   {errSuspicious, 9, "somebody has to look at it"},
		"dangerous":    {fmt.Errorf("ending: %w", errDangerous), 10, "somebody has to look at it now"},
		"wrapped":      {fmt.Errorf("deploying: %w", &sandbox.BusyError{Stack: "local"}), 4, "the kind survives wrapping"},
		"joined":       {errors.Join(&sandbox.InputError{Err: failure}, failure), 2, "the first cause counts"},
		"engine error": {&engine.RunError{Command: "up", Stack: "local", Err: failure}, 1, "a release that failed"},
	}
	for name, tt := range cases {
		t.Run(name, func(t *testing.T) {
			assert.Equal(t, tt.want, exitCode(t.Context(), tt.err), tt.reason)
		})
	}
}

func TestExitCodeOfAnInterruptedRunSaysSo(t *testing.T) {
	interrupted, cancel := context.WithCancel(t.Context())
	cancel()

	assert.Equal(t, 130, exitCode(interrupted, errors.New("whatever the interrupt made of it")))
	assert.Equal(t, 0, exitCode(interrupted, nil), "it came too late to matter")
}
