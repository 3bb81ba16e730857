package sandbox

import "fmt"

// InputError reports that the stack or its configuration is wrong. Nothing was built, started or changed.
type InputError struct{ Err error }

func (e *InputError) Error() string { return e.Err.Error() }

// Unwrap returns the underlying error.
func (e *InputError) Unwrap() error { return e.Err }

// BusyError reports that another run holds the stack.
type BusyError struct{ Stack string }

func (e *BusyError) Error() string {
	return fmt.Sprintf("another run is at work on the sandbox of stack %s: wait until it has ended, or stop it",
		e.Stack)
}

// NotRunningError reports that the control plane is not running.
type NotRunningError struct{ Stack string }

func (e *NotRunningError) Error() string {
	return fmt.Sprintf("the sandbox of stack %[1]s is not running: start it with "+
		"`go run ./cmd/dreamseed sandbox up --stack %[1]s`", e.Stack)
}
