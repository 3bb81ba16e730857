package main

import (
	"context"
	"errors"

	"github.com/dreamseed/platform/internal/changeset"
	"github.com/dreamseed/platform/internal/cost"
	"github.com/dreamseed/platform/internal/datajob"
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

// The exit codes, as documented in the help text.
const (
	exitOK          = 0
	exitFailed      = 1
	exitInput       = 2
	exitNotRunning  = 3
	exitBusy        = 4
	exitGuarded     = 5
	exitOtherChange = 6
	exitFrozen      = 7
	exitOverBudget  = 8
	exitSuspicious  = 9
	exitDangerous   = 10
	exitInterrupted = 130
)

const exitCodeHelp = `Exit codes:
  0    done
  1    it went wrong; the message says what and why
  2    wrong arguments, a wrong configuration or a wrong file: nothing was changed
  3    the sandbox, a component of it or a service does not run
  4    another run is at work on the stack
  5    the guard refuses the change: it would hurt, and nobody approved it
  6    the change is not the one that was approved
  7    releases are frozen
  8    the stack costs more than its budget
  9    drift that is suspicious
  10   drift that is dangerous
  130  interrupted: nothing that this run started is left running`

// usageError is a wrong argument.
type usageError struct{ error }

// errUnhealthy ends a status command that found something not running. The details have been shown already.
var errUnhealthy = errors.New("not everything runs")

// exitCodes maps kinds of errors to exit codes. The first that an error is of counts.
var exitCodes = []struct {
	is   func(error) bool
	code int
}{
	{isA[*usageError], exitInput},
	{isA[*sandbox.InputError], exitInput},
	{isA[*stackfile.ContentError], exitInput},
	{isA[*changeset.LogError], exitInput},
	{isA[*guard.ApprovalError], exitInput},
	{isA[*render.InputError], exitInput},
	{isA[*release.RefusedError], exitInput},
	{isA[*freeze.ContentError], exitInput},
	{isA[*drift.AcceptedError], exitInput},
	{wraps(stack.ErrNoStack), exitInput},
	{isA[*sandbox.NotRunningError], exitNotRunning},
	{isA[*datajob.MissingError], exitNotRunning},
	{wraps(errUnhealthy), exitNotRunning},
	{wraps(stack.ErrNoCluster), exitNotRunning},
	{isA[*sandbox.BusyError], exitBusy},
	{isA[*engine.BusyError], exitBusy},
	{isA[*datajob.BusyError], exitBusy},
	{isA[*digestError], exitOtherChange},
	{isA[*guardError], exitGuarded},
	{isA[*newerError], exitGuarded},
	{isA[*freeze.FrozenError], exitFrozen},
	{wraps(errSuspicious), exitSuspicious},
	{wraps(errDangerous), exitDangerous},
	{isA[*cost.OverBudgetError], exitOverBudget},
}

func exitCode(ctx context.Context, err error) int {
	if err == nil {
		return exitOK
	}
	if ctx.Err() != nil {
		return exitInterrupted
	}
	for _, one := range exitCodes {
		if one.is(err) {
			return one.code
		}
	}
	return exitFailed
}

func isA[E error](err error) bool {
	var target E
	return errors.As(err, &target)
}

func wraps(target error) func(error) bool {
	return func(err error) bool { return errors.Is(err, target) }
}
