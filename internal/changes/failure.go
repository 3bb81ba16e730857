package changes

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

func (f Failure) String() string {
	if f.Resource == "" {
		return f.Reason
	}
	return f.Resource + ": " + f.Reason
}

// appendFailure adds a diagnostic if it is an error and not a duplicate.
func appendFailure(failures []Failure, event apitype.DiagnosticEvent) []Failure {
	if event.Severity != "error" {
		return failures
	}
	at := urn.URN(event.URN)
	failure := Failure{
		Resource: ResourceName(at), Reason: strings.TrimSpace(colors.Never.Colorize(event.Message)), urn: at,
	}
	if slices.Contains(failures, failure) {
		return failures
	}
	return append(failures, failure)
}

// ResourceName returns the readable name of a resource. The stack resource stands for the whole program and has no
// name.
func ResourceName(at urn.URN) string {
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
		failures = append(failures, Failure{Resource: ResourceName(urn.URN(at)), Reason: "failed", urn: urn.URN(at)})
	}
	return failures
}
