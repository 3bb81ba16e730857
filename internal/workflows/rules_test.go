package workflows

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"mvdan.cc/sh/v3/syntax"
)

// rule is what holds for each file. It returns the problems of one.
type rule func(File) []string

var rules = map[string]rule{
	"actions are pinned by commit, and a comment says the version": pinned,
	"a token has no permission but what its job asks for":          leastPermissions,
	"a job ends by itself": timeLimits,
	"no code of a pull request runs with the rights of main":     noTarget,
	"no expression becomes part of a script":                     noExpressions,
	"a job with an identity in a cloud cannot write here":        identityOrPen,
	"an identity belongs to an environment":                      identityOfEnvironment,
	"what writes runs nothing of a pull request":                 writersAreMain,
	"an engine that changes a stack is its step's first process": engineIsTheStep,
	"a script parses, and stops at its first failure":            scripts,
	"one run per stack at a time, and none is cut short":         oneAtATime,
}

var (
	commit  = regexp.MustCompile(`^[\w.-]+/[\w./-]+@[0-9a-f]{40}$`)
	version = regexp.MustCompile(`^# v\d+\.\d+\.\d+$`)
)

func pinned(f File) []string {
	var found []string
	for _, step := range f.Steps() {
		if !step.Uses.Remote() {
			continue
		}
		if !commit.MatchString(step.Uses.Action) {
			found = append(found, step.Uses.Action+" must be pinned by its commit")
		}
		if !version.MatchString(step.Uses.Comment) {
			found = append(found, step.Uses.Action+" must have its version behind it: # v1.2.3")
		}
	}
	return found
}

func leastPermissions(f File) []string {
	if isAction(f) {
		return nil
	}
	var found []string
	if f.Permissions == nil || len(f.Permissions) > 0 {
		found = append(found, "permissions of the workflow must be {}")
	}
	return append(found, f.each(func(job Job) string {
		if job.Permissions == nil {
			return "must have permissions of its own"
		}
		return ""
	})...)
}

func timeLimits(f File) []string {
	return f.each(func(job Job) string {
		if job.Uses == "" && job.Timeout <= 0 {
			return "must have timeout-minutes"
		}
		return ""
	})
}

func noTarget(f File) []string {
	if slices.Contains(f.Triggers, "pull_request_target") {
		return []string{"must not start on pull_request_target"}
	}
	return nil
}

func noExpressions(f File) []string {
	var found []string
	for _, step := range f.Steps() {
		if strings.Contains(step.Run, "${{") {
			found = append(found, "a script must take its values from env: "+step.Run)
		}
	}
	return found
}

func identityOrPen(f File) []string {
	return f.each(func(job Job) string {
		if job.Uses == "" && job.Permissions.Identifies() && job.Permissions.Writes() {
			return "must not both have id-token: write and write here"
		}
		return ""
	})
}

func identityOfEnvironment(f File) []string {
	return f.each(func(job Job) string {
		if job.Uses == "" && job.Permissions.Identifies() && job.Environment == "" {
			return "must have an environment, because anybody's workflow has a subject without one"
		}
		return ""
	})
}

// writersAreMain leaves a job that calls a workflow to the jobs of that.
func writersAreMain(f File) []string {
	return f.each(func(job Job) string {
		if job.Uses != "" || !job.Permissions.Writes() {
			return ""
		}
		if slices.Contains(f.Triggers, "pull_request") {
			return "must not write: it starts on pull_request, whose workflow is the author's"
		}
		for _, step := range job.Steps {
			ref, chosen := step.With["ref"]
			if step.Uses.Name() == "actions/checkout" && chosen && ref != "main" {
				return "must check out nothing but main"
			}
		}
		return ""
	})
}

func engineIsTheStep(f File) []string {
	var found []string
	for _, step := range f.Steps() {
		for _, words := range calls(step.Run) {
			if changes(words) {
				found = append(found, "must be exec "+strings.Join(words, " "))
			}
		}
	}
	return found
}

// changes reports whether a command runs an engine that takes the stack's lock for long.
func changes(words []string) bool {
	return len(words) > 1 && words[0] == "pulumi" && slices.Contains([]string{"up", "refresh", "destroy"}, words[1]) &&
		!slices.Contains(words, "--preview-only")
}

// strict is how a script of more than one statement begins.
const strict = "set -euo pipefail\n"

func scripts(f File) []string {
	var found []string
	for _, step := range f.Steps() {
		parsed, err := syntax.NewParser().Parse(strings.NewReader(step.Run), f.Path)
		if err != nil {
			found = append(found, err.Error())
		} else if len(parsed.Stmts) > 1 && !strings.HasPrefix(step.Run, strict) {
			found = append(found, "a script must begin with "+strings.TrimSpace(strict)+": "+step.Run)
		}
	}
	return found
}

const deployStack = "./.github/workflows/deploy-stack.yml"

func oneAtATime(f File) []string {
	if len(f.Triggers) == 1 && f.Triggers[0] == "workflow_call" {
		return nil // its callers wait
	}
	return f.each(func(job Job) string {
		if job.Uses != deployStack && !job.deploys() {
			return ""
		}
		for _, waits := range []Concurrency{job.Concurrency, f.Concurrency} {
			if strings.HasPrefix(waits.Group, "stack-") && waits.Cancel != nil && !*waits.Cancel {
				return ""
			}
		}
		return "must have concurrency: the group stack-<name>, and cancel-in-progress: false"
	})
}

// deploys reports whether the job changes a stack.
func (j Job) deploys() bool { return j.ups() > 0 }

// ups returns how many times the job may run an engine that changes a stack.
func (j Job) ups() int {
	count := 0
	for _, step := range j.Steps {
		if step.Uses.Action == "./.github/actions/up" {
			count++
		}
		for _, words := range calls(step.Run) {
			if words[0] == "exec" && changes(words[1:]) {
				count++
			}
		}
	}
	return count
}

// calls returns the commands of a script, word by word as far as they are constant.
func calls(script string) [][]string {
	parsed, err := syntax.NewParser().Parse(strings.NewReader(script), "")
	if err != nil {
		return nil // another rule's concern
	}
	var all [][]string
	syntax.Walk(parsed, func(node syntax.Node) bool {
		if call, is := node.(*syntax.CallExpr); is && len(call.Args) > 0 {
			var words []string
			for _, word := range call.Args {
				words = append(words, word.Lit())
			}
			all = append(all, words)
		}
		return true
	})
	return all
}

func isAction(f File) bool { return len(f.Triggers) == 0 }

// each asks about every job of a workflow.
func (f File) each(ask func(Job) string) []string {
	var found []string
	for _, name := range slices.Sorted(maps.Keys(f.Jobs)) {
		if problem := ask(f.Jobs[name]); problem != "" {
			found = append(found, fmt.Sprintf("job %s %s", name, problem))
		}
	}
	return found
}
