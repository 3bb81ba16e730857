// Package report writes what a run of the engine would change as Markdown for a reviewer: first what would hurt, then
// what each service notices, then the values.
package report

import (
	"fmt"
	"strings"

	"github.com/dreamseed/platform/internal/changes"
	"github.com/dreamseed/platform/internal/changeset"
	"github.com/dreamseed/platform/internal/guard"
)

// Report is what a reviewer decides from.
type Report struct {
	Set *changeset.Set
	// Findings are those of the guard, Approvals the ones that the stack has for them.
	Findings  []guard.Finding
	Approvals []guard.Approval
	// Link leads to the whole report, if it does not fit. Empty if there is no such place.
	Link string
}

// Limit is the size of a comment in bytes. GitHub takes 65,536 characters
// (https://github.com/pulumi/actions/issues/482); the rest is left to whoever adds to it.
const Limit = 60_000

// Whole is a limit that no report reaches.
const Whole = 1 << 30

// Marker is the first line of a report. The comment of an earlier run is found by it. No other reader sees it.
func Marker(stack string) string { return fmt.Sprintf("<!-- dreamseed-report stack=%s -->", stack) }

// Markdown returns the report in at most this many bytes. What does not fit is left out by whole groups, the least
// important first, and counted.
func (r *Report) Markdown(limit int) string {
	page := &page{limit: limit, link: r.Link}
	page.always(Marker(r.Set.Stack) + "\n" + r.heading())
	page.always(r.failures())
	page.section("#### Replaced, deleted or less safe", r.hurts())
	page.section("#### What changes", r.notices())
	page.section("#### Changed by somebody else meanwhile", r.drift())
	page.section("#### Cost", r.cost())
	page.section("#### Properties", r.properties())
	return page.end(fmt.Sprintf("Digest of this change: `%s`\n", r.Set.Digest()))
}

// heading counts what changes.
func (r *Report) heading() string {
	return fmt.Sprintf("### Stack `%s`: %s\n", r.Set.Stack, r.summary())
}

// counted are the operations in the order of the heading, in words for what would happen and for what happened.
var counted = []struct {
	operation  changeset.Operation
	will, done string
}{
	{changeset.Replace, "to replace", "replaced"},
	{changeset.Delete, "to delete", "deleted"},
	{changeset.Create, "to create", "created"},
	{changeset.Import, "to import", "imported"},
	{changeset.Update, "to update", "updated"},
	{changeset.Keep, "with another protection", "with another protection"},
}

func (r *Report) summary() string {
	if r.Set.Failed() {
		return "the preview failed"
	}
	var parts []string
	for _, one := range counted {
		if count := len(r.Set.Having(one.operation)); count > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", count, r.tense(one.will, one.done)))
		}
	}
	if len(parts) == 0 {
		return fmt.Sprintf("nothing changes, %d unchanged", r.Set.Unchanged)
	}
	return fmt.Sprintf("%s, %d unchanged", strings.Join(parts, ", "), r.Set.Unchanged)
}

func (r *Report) tense(will, done string) string {
	if r.Set.Preview {
		return will
	}
	return done
}

// failures says why the run did not complete: what follows is then what the engine got to.
func (r *Report) failures() string {
	if !r.Set.Failed() {
		return ""
	}
	text := "> [!CAUTION]\n> The run did not complete. What follows is what the engine got to.\n"
	for _, failure := range r.Set.Failures {
		text += "> - " + inline(failureText(failure)) + "\n"
	}
	return text
}

// longest limits the text of one failure, in bytes.
const longest = 2_000

func failureText(failure changes.Failure) string { return shortened(failure.String(), longest) }
