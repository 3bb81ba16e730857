package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/dreamseed/platform/internal/changeset"
	"github.com/dreamseed/platform/internal/config"
	"github.com/dreamseed/platform/internal/guard"
	"github.com/dreamseed/platform/internal/report"
	"github.com/dreamseed/platform/internal/sandbox/privatefile"
	"github.com/dreamseed/platform/internal/stack"
)

// reportFlags are the flags of the command.
type reportFlags struct {
	stack, eventLog, approvals, expectDigest string
	output, wholeOutput, digestOutput, link  string
}

func reportCommand() *cobra.Command {
	var flags reportFlags
	cmd := &cobra.Command{
		Use:   "report",
		Short: "Say in Markdown what a preview would change, and refuse what would hurt",
		Long: `Reads the event log of a preview:
  PULUMI_DEBUG_COMMANDS=true pulumi preview --stack production --event-log events.jsonl
  dreamseed report --stack production --event-log events.jsonl

and prints a report for a reviewer: what is replaced, deleted or less safe, what each service notices, the cost, the
values. The report has at most 60,000 bytes, and a marker by which the comment of an earlier run is found.

It is the guard, too: a replacement or deletion of what holds data or everything else, and a safeguard that is taken
away, each need an entry in approvals.yaml. The report prints the entry to add.

The report's digest identifies the change with its values. With --expect-digest another change is refused.

` + exitCodeHelp,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error { return writeReport(cmd, flags) },
	}
	set := cmd.Flags()
	set.StringVar(&flags.stack, "stack", "", "the stack: the name in Pulumi.<stack>.yaml (required)")
	set.StringVar(&flags.eventLog, "event-log", "", "the event log of the preview (required)")
	set.StringVar(&flags.approvals, "approvals", "approvals.yaml", "the file of approvals; there need not be one")
	set.StringVar(&flags.expectDigest, "expect-digest", "", "the digest of the change that was approved")
	set.StringVar(&flags.output, "output", "", "also write the report to this file")
	set.StringVar(&flags.wholeOutput, "whole-output", "", "also write the report without its limit to this file")
	set.StringVar(&flags.digestOutput, "digest-output", "", "write the digest to this file")
	set.StringVar(&flags.link, "link", "", "where the whole report can be read, if it does not fit")
	return cmd
}

// errPreviewFailed means that the log is that of a run that did not complete.
var errPreviewFailed = errors.New("the preview failed: see the report")

// guardError means that the guard refuses a change.
type guardError struct{ count int }

func (e *guardError) Error() string {
	return fmt.Sprintf("refusing the change: %d of its consequences need an approval; the report prints what to add to "+
		"approvals.yaml", e.count)
}

// digestError means that a change is not the one that was approved.
type digestError struct{ expected, found string }

func (e *digestError) Error() string {
	return fmt.Sprintf("refusing the change: its digest is %s: it must be %s, that of the change that was approved; "+
		"look at the new report", e.found, e.expected)
}

func writeReport(cmd *cobra.Command, flags reportFlags) error {
	if flags.eventLog == "" {
		return &usageError{errors.New("--event-log is missing: it must name the event log of a preview")}
	}
	project, err := projectOf(flags.stack)
	if err != nil {
		return err
	}
	set, err := readEventLog(stack.Stack{Project: project, Name: flags.stack}, flags.eventLog)
	if err != nil {
		return err
	}
	findings := guard.Find(set)
	approvals, mistakes := approvalsOf(project, set, flags.approvals, findings)
	written := &report.Report{Set: set, Findings: findings, Approvals: approvals, Link: flags.link}
	if err := publish(cmd, written, flags); err != nil {
		return err
	}
	return errors.Join(mistakes, judge(written, flags.expectDigest))
}

func readEventLog(of stack.Stack, path string) (*changeset.Set, error) {
	name, err := of.ProjectName()
	if err != nil {
		return nil, err
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, &usageError{fmt.Errorf("--event-log is %q: it must be a readable file: %w", path, err)}
	}
	defer func() { _ = file.Close() }() // opened for reading only
	return changeset.Read(file, name, of.Name)
}

// approvalsOf returns the approvals of the stack. A file with a mistake approves nothing.
func approvalsOf(
	project string, set *changeset.Set, file string, findings []guard.Finding,
) ([]guard.Approval, error) {
	if !filepath.IsAbs(file) {
		file = filepath.Join(project, file)
	}
	all, err := guard.ReadApprovals(file)
	if err != nil {
		return nil, err
	}
	scope := guard.Scope{Project: set.Project, Stack: set.Stack, Stacks: config.Stacks(project), Now: time.Now()}
	ours, err := guard.CheckApprovals(all, scope, findings)
	if err != nil {
		return nil, &guard.ApprovalError{File: filepath.Base(file), Err: err}
	}
	return ours, nil
}

// publish prints the report, and writes the files that were asked for.
func publish(cmd *cobra.Command, written *report.Report, flags reportFlags) error {
	comment := written.Markdown(report.Limit)
	cmd.Print(comment)
	for path, content := range map[string]func() string{
		flags.output:       func() string { return comment },
		flags.wholeOutput:  func() string { return written.Markdown(report.Whole) },
		flags.digestOutput: func() string { return written.Set.Digest() + "\n" },
	} {
		if path == "" {
			continue
		}
		if err := privatefile.Write(path, []byte(content())); err != nil {
			return err
		}
	}
	return nil
}

// judge says whether the change may go on.
func judge(written *report.Report, expected string) error {
	if written.Set.Failed() {
		return errPreviewFailed
	}
	if found := written.Set.Digest(); expected != "" && strings.TrimSpace(expected) != found {
		return &digestError{strings.TrimSpace(expected), found}
	}
	if left := guard.Unapproved(written.Findings, written.Approvals); len(left) > 0 {
		return &guardError{len(left)}
	}
	return nil
}
