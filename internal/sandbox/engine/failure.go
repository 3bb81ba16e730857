package engine

import (
	"fmt"
	"strings"

	"github.com/dreamseed/platform/internal/changes"
)

// RunError reports that an engine command failed.
type RunError struct {
	// Command is the engine command, such as "up".
	Command string
	// Stack is the stack's name.
	Stack string
	// Failures are the engine's reported failures, without duplicates.
	Failures []changes.Failure
	// Complaint is the end of the command's error stream. It holds failures from before the engine proper starts.
	Complaint string
	// Err is the command's exit: an *exec.ExitError, and the cause if the caller's context was cancelled.
	Err error
}

func (e *RunError) Error() string {
	var message strings.Builder
	fmt.Fprintf(&message, "running pulumi %s on stack %s: %s", e.Command, e.Stack, e.end())
	for _, failure := range changes.Sorted(e.Failures) {
		fmt.Fprintf(&message, "\n  %s", indent(failure.String()))
	}
	if complaint := complaintOf(e.Complaint); len(e.Failures) == 0 && complaint != "" {
		fmt.Fprintf(&message, "\n  %s", indent(complaint))
	}
	return message.String()
}

func (e *RunError) Unwrap() error { return e.Err }

// end returns the command's exit on one line.
func (e *RunError) end() string { return strings.ReplaceAll(e.Err.Error(), "\n", ": ") }

func indent(text string) string { return strings.ReplaceAll(text, "\n", "\n    ") }

// complaintOf drops everything before the engine's error, if the engine marked one.
func complaintOf(stderr string) string {
	if _, reason, marked := strings.Cut(stderr, "error: "); marked {
		stderr = reason
	}
	return strings.TrimSpace(stderr)
}
