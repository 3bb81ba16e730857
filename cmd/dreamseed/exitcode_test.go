package main

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/dreamseed/platform/internal/changeset"
	"github.com/dreamseed/platform/internal/guard"
	"github.com/dreamseed/platform/internal/render"
	"github.com/dreamseed/platform/internal/sandbox"
	"github.com/dreamseed/platform/internal/sandbox/engine"
	"github.com/dreamseed/platform/internal/sealing/stackfile"
	"github.com/dreamseed/platform/internal/stack"
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
		"not running":  {&sandbox.NotRunningError{Stack: "local"}, 3, "there is nothing to work on"},
		"unhealthy":    {fmt.Errorf("%w: see the table", errUnhealthy), 3, "something of it does not run"},
		"busy":         {&sandbox.BusyError{Stack: "local"}, 4, "another run of ours"},
		"busy engine":  {&engine.BusyError{Stack: "local", PID: 1}, 4, "a run of pulumi by hand"},
		"event log":    {&changeset.LogError{Err: failure}, 2, "it cannot be judged"},
		"approvals":    {&guard.ApprovalError{Err: failure}, 2, "the file is wrong"},
		"guard":        {&guardError{1}, 5, "nobody approved what hurts"},
		"other change": {&digestError{"a", "b"}, 6, "nobody has seen it"},
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
