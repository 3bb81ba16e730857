package guard

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/urn"
	"go.yaml.in/yaml/v3"

	"github.com/dreamseed/platform/internal/invalid"
)

// Approval lets one finding pass. It is an entry of the list in approvals.yaml.
type Approval struct {
	// Stack is the stack that the approval is for. Required.
	Stack string `yaml:"stack"`
	// URN is the exact URN of the resource. Required.
	URN string `yaml:"urn"`
	// Operation is replace, delete, unprotect or weaken. Required.
	Operation Operation `yaml:"operation"`
	// Digest is that of the finding, as the report prints it. Required.
	Digest string `yaml:"digest"`
	// Reason says why the change may happen, in at least ten characters. Required.
	Reason string `yaml:"reason"`
	// Expires is the last day on which the approval holds, in UTC, at most 30 days ahead. Required.
	Expires Date `yaml:"expires"`
}

// Date is a day in UTC, written as 2026-12-31.
type Date struct{ time.Time }

// UnmarshalYAML reads a day.
func (d *Date) UnmarshalYAML(node *yaml.Node) error {
	day, err := time.Parse(time.DateOnly, node.Value)
	if err != nil {
		return fmt.Errorf("line %d: expires is %q: it must be a day such as 2026-12-31", node.Line, node.Value)
	}
	d.Time = day
	return nil
}

// The limits of an approval.
const (
	shortestReason = 10
	longestDays    = 30
)

// ApprovalError means that a file of approvals is wrong. It holds every mistake.
type ApprovalError struct {
	File string
	Err  error
}

func (e *ApprovalError) Error() string { return fmt.Sprintf("reading %s:\n%v", e.File, e.Err) }

// Unwrap returns the mistakes.
func (e *ApprovalError) Unwrap() error { return e.Err }

// ReadApprovals reads a file of approvals. A missing file holds none. The error is an ApprovalError if the content is
// wrong.
func ReadApprovals(file string) ([]Approval, error) {
	content, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("reading the approvals: %w", err)
	}
	var all []Approval
	decoder := yaml.NewDecoder(bytes.NewReader(content))
	decoder.KnownFields(true)
	if err := decoder.Decode(&all); err != nil && len(bytes.TrimSpace(withoutComments(content))) > 0 {
		return nil, &ApprovalError{file, err}
	}
	return all, nil
}

var comment = regexp.MustCompile(`(?m)^\s*(#.*|---)$`)

func withoutComments(content []byte) []byte { return comment.ReplaceAll(content, nil) }

// Scope is what approvals are checked against.
type Scope struct {
	Project, Stack string
	// Stacks are the stacks of the project: approvals of others than Stack are left for their own runs.
	Stacks []string
	Now    time.Time
}

// CheckApprovals returns the approvals of the stack, or every mistake in all of them: an entry that is incomplete,
// expired, for a stack or a project that is not there, or that fits none of the stack's findings.
func CheckApprovals(all []Approval, scope Scope, findings []Finding) ([]Approval, error) {
	var mistakes []error
	var ours []Approval
	for i, one := range all {
		wrong := one.mistakes(scope)
		if len(wrong) == 0 && one.Stack == scope.Stack {
			wrong = one.misses(findings)
			ours = append(ours, one)
		}
		for _, mistake := range wrong {
			mistakes = append(mistakes, fmt.Errorf("[%d].%w", i, mistake))
		}
	}
	return ours, errors.Join(mistakes...)
}

var operations = []string{string(Replace), string(Delete), string(Unprotect), string(Weaken)}

var digestForm = regexp.MustCompile(`^[0-9a-f]{64}$`)

// mistakes returns what is wrong with an approval whatever the change is.
func (a Approval) mistakes(scope Scope) []error {
	var wrong []error
	add := func(bad bool, key string, value any, rule string, arguments ...any) {
		if bad {
			wrong = append(wrong, fmt.Errorf("%s is %q: it "+rule, append([]any{key, fmt.Sprint(value)}, arguments...)...))
		}
	}
	at := urn.URN(a.URN)
	add(!slices.Contains(scope.Stacks, a.Stack), "stack", a.Stack, "%s", invalid.OneOf(scope.Stacks))
	add(!at.IsValid() || strings.ContainsAny(a.URN, "*?"), "urn", a.URN,
		"must be the exact URN of one resource, as the report prints it")
	if at.IsValid() {
		add(string(at.Stack()) != a.Stack, "urn", a.URN, "must be of the stack %s", a.Stack)
		add(string(at.Project()) != scope.Project, "urn", a.URN, "must be of the project %s", scope.Project)
	}
	add(!slices.Contains(operations, string(a.Operation)), "operation", a.Operation, "%s", invalid.OneOf(operations))
	add(!digestForm.MatchString(a.Digest), "digest", a.Digest,
		"must be the digest of the finding, as the report prints it")
	add(len(strings.TrimSpace(a.Reason)) < shortestReason, "reason", a.Reason,
		"must say why, in at least %d characters", shortestReason)
	today := scope.Now.UTC().Truncate(24 * time.Hour)
	last := today.AddDate(0, 0, longestDays)
	add(a.Expires.Before(today) || a.Expires.After(last), "expires", a.Expires.Format(time.DateOnly),
		"must be a day from %s to %s", today.Format(time.DateOnly), last.Format(time.DateOnly))
	return wrong
}

// misses returns a mistake if an approval fits no finding.
func (a Approval) misses(findings []Finding) []error {
	for _, finding := range findings {
		if a.covers(finding) {
			return nil
		}
		if finding.URN == urn.URN(a.URN) && finding.Operation == a.Operation {
			return []error{fmt.Errorf("digest is %q: it must be %s: the change is not the one that was approved",
				a.Digest, finding.Digest)}
		}
	}
	return []error{fmt.Errorf("urn is %q: it must be of a resource that this change would %s: remove an approval that "+
		"has done its work", a.URN, a.Operation)}
}

func (a Approval) covers(finding Finding) bool {
	return urn.URN(a.URN) == finding.URN && a.Operation == finding.Operation && a.Digest == finding.Digest
}
