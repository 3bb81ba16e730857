package engine

import (
	"fmt"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/pulumi/pulumi/sdk/v3/go/common/diag/colors"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/urn"
)

// Failure is one thing that went wrong in an operation.
type Failure struct {
	// Resource is the failed resource, as "type name". It is empty if the program or the engine failed as a whole.
	Resource string
	// Reason is the engine's own message.
	Reason string

	urn urn.URN
}

// RunError reports that an engine command failed.
type RunError struct {
	// Command is the engine command, such as "up".
	Command string
	// Stack is the stack's name.
	Stack string
	// Failures are the engine's reported failures, without duplicates.
	Failures []Failure
	// Complaint is the end of the command's error stream. It holds failures from before the engine proper starts.
	Complaint string
	// Err is the command's exit: an *exec.ExitError, and the cause if the caller's context was cancelled.
	Err error
}

func (e *RunError) Error() string {
	var message strings.Builder
	fmt.Fprintf(&message, "running pulumi %s on stack %s: %s", e.Command, e.Stack, e.end())
	for _, failure := range sortedFailures(e.Failures) {
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

func (f Failure) String() string {
	if f.Resource == "" {
		return f.Reason
	}
	return f.Resource + ": " + f.Reason
}

func indent(text string) string { return strings.ReplaceAll(text, "\n", "\n    ") }

// complaintOf drops everything before the engine's error, if the engine marked one.
func complaintOf(stderr string) string {
	if _, reason, marked := strings.Cut(stderr, "error: "); marked {
		stderr = reason
	}
	return strings.TrimSpace(stderr)
}

// appendFailure adds a diagnostic if it is an error and not a duplicate.
func appendFailure(failures []Failure, event apitype.DiagnosticEvent) []Failure {
	if event.Severity != "error" {
		return failures
	}
	at := urn.URN(event.URN)
	failure := Failure{
		Resource: resourceOf(at), Reason: strings.TrimSpace(colors.Never.Colorize(event.Message)), urn: at,
	}
	if slices.Contains(failures, failure) {
		return failures
	}
	return append(failures, failure)
}

// resourceOf returns the readable name of a resource. The stack resource stands for the whole program and has no name.
func resourceOf(at urn.URN) string {
	if at == "" || at.QualifiedType() == "pulumi:pulumi:Stack" {
		return ""
	}
	return fmt.Sprintf("%s %s", at.Type(), at.Name())
}

// withoutGeneral drops "update failed" and similar messages, which the engine adds to the actual failure.
func withoutGeneral(failures []Failure) []Failure {
	specific := slices.DeleteFunc(slices.Clone(failures), func(f Failure) bool {
		return f.Resource == "" && slices.Contains(general, f.Reason)
	})
	if len(specific) == 0 {
		return failures
	}
	return specific
}

var general = []string{
	"preview failed", "update failed", "refresh failed", "destroy failed", "preview canceled", "update canceled",
}

// withSilent adds the resources that failed without a message.
func withSilent(failures []Failure, failed map[string]bool) []Failure {
	for _, failure := range failures {
		delete(failed, string(failure.urn))
	}
	for at := range failed {
		failures = append(failures, Failure{Resource: resourceOf(urn.URN(at)), Reason: "failed", urn: urn.URN(at)})
	}
	return failures
}
