package main

import (
	"context"
	"errors"

	"github.com/dreamseed/platform/internal/drift"
	"github.com/dreamseed/platform/internal/sandbox"
	"github.com/dreamseed/platform/internal/sandbox/engine"
	"github.com/dreamseed/platform/internal/sealing/stackfile"
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
  2    wrong arguments or a wrong configuration: nothing was changed
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

func exitCode(ctx context.Context, err error) int {
	switch {
	case err == nil:
		return exitOK
	case ctx.Err() != nil:
		return exitInterrupted
	case is[*usageError](err), is[*sandbox.InputError](err), is[*stackfile.ContentError](err),
		is[*drift.AcceptedError](err):
		return exitInput
	case is[*sandbox.NotRunningError](err), errors.Is(err, errUnhealthy):
		return exitNotRunning
	case is[*sandbox.BusyError](err), is[*engine.BusyError](err):
		return exitBusy
	case errors.Is(err, errSuspicious):
		return exitSuspicious
	case errors.Is(err, errDangerous):
		return exitDangerous
	default:
		return exitFailed
	}
}

func is[E error](err error) bool {
	var target E
	return errors.As(err, &target)
}
