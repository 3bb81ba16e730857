// Package freeze keeps releases away from an environment for a while. The file freeze.yaml says from which, why, and
// until when; deployments read it before they change anything.
package freeze

import (
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"
)

// Freeze is a time in which a stack is not deployed.
type Freeze struct {
	// Stack is the name in Pulumi.<stack>.yaml.
	Stack string
	// Reason tells whoever is refused. At least 10 characters.
	Reason string
	// Until is the first moment at which the stack may be deployed again, in UTC.
	Until time.Time
}

// Active reports whether the freeze has not ended yet.
func (f Freeze) Active(now time.Time) bool { return now.Before(f.Until) }

// Ends returns the end as people and programs read it.
func (f Freeze) Ends() string { return f.Until.Format(time.RFC3339) }

// FrozenError means that a stack must not be released or deployed now.
type FrozenError struct{ Freeze Freeze }

func (e *FrozenError) Error() string {
	return fmt.Sprintf("%s is frozen until %s: %s", e.Freeze.Stack, e.Freeze.Ends(), e.Freeze.Reason)
}

// ContentError means that a freeze, on the command line or in the file, is wrong. Nothing was changed.
type ContentError struct{ Err error }

func (e *ContentError) Error() string { return e.Err.Error() }

// Unwrap returns the mistakes themselves.
func (e *ContentError) Unwrap() error { return e.Err }

// New returns a freeze that begins now. The error is a ContentError with every mistake.
func New(stack, reason, until string, now time.Time) (Freeze, error) {
	ends, err := parseTime(until)
	frozen := Freeze{Stack: stack, Reason: reason, Until: ends}
	if err == nil && !frozen.Active(now) {
		err = fmt.Errorf("until is %s: it must not be over, and it is %s", frozen.Ends(), now.UTC().Format(time.RFC3339))
	}
	if err := errors.Join(checkReason(reason), err); err != nil {
		return Freeze{}, &ContentError{err}
	}
	return frozen, nil
}

// shortest is the length of the shortest reason, in characters: a word alone helps nobody who is refused.
const shortest = 10

func checkReason(reason string) error {
	if utf8.RuneCountInString(strings.TrimSpace(reason)) < shortest {
		return fmt.Errorf("reason is %q: it must have at least %d characters", reason, shortest)
	}
	return nil
}

// parseTime reads a moment in UTC, or a date, whose whole day counts.
func parseTime(until string) (time.Time, error) {
	if day, err := time.Parse(time.DateOnly, until); err == nil {
		return day.AddDate(0, 0, 1), nil
	}
	moment, err := time.Parse(time.RFC3339, until)
	if err != nil || !strings.HasSuffix(until, "Z") {
		return time.Time{}, fmt.Errorf("until is %q: it must be a date such as 2026-12-24, whose whole day counts, "+
			"or a time in UTC such as 2026-12-24T18:00:00Z", until)
	}
	return moment.UTC(), nil
}
