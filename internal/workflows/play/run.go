package play

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"time"

	"github.com/dreamseed/platform/internal/workflows"
)

// Event starts a workflow.
type Event struct {
	// Name is the event's name, such as push.
	Name string
	// Workflow is the workflow's file name.
	Workflow string
	// Commit is the commit that the workflow is read from.
	Commit string
	// Job limits the run to a job and what it needs. Default: all of them.
	Job string
	// Payload is the event as GitHub sends it.
	Payload any
	// Approve is called when the job "apply" waits for its approval. An error leaves it waiting. Default: it is approved
	// before it asks.
	Approve func() error
}

// Run is a run of a workflow.
type Run struct {
	// ID finds the run's artifacts.
	ID int
	// Output is what the run's log shows.
	Output string
	// Err is nil if the run succeeded.
	Err error
}

// standInFor maps an action to the folder of its stand-in.
var standInFor = map[string]string{
	"actions/checkout":                      "checkout",
	"actions/upload-artifact":               "upload-artifact",
	"actions/download-artifact":             "download-artifact",
	"actions/setup-go":                      "installed",
	"actions/cache":                         "installed",
	"pulumi/actions":                        "installed",
	"google-github-actions/auth":            "installed",
	"aws-actions/configure-aws-credentials": "installed",
	"Azure/login":                           "installed",
}

// mapActions maps every action that the workflows use, at its commit, to its stand-in: act would download it.
func (s *Stage) mapActions(context.Context) error {
	files, err := workflows.Read(s.set.Project)
	if err != nil {
		return err
	}
	for _, file := range files {
		for _, step := range file.Steps() {
			if !step.Uses.Remote() {
				continue
			}
			folder, known := standInFor[step.Uses.Name()]
			if !known {
				return fmt.Errorf("%s uses %s, which has no stand-in", file.Path, step.Uses.Action)
			}
			s.actions = append(s.actions, "--local-repository",
				step.Uses.Action+"="+filepath.Join(s.set.Folder, "actions", folder))
		}
	}
	return nil
}

// pause is how often the stage looks whether a job waits for its approval.
const pause = 50 * time.Millisecond

// Play runs a workflow to its end. A cancelled ctx cancels the run as a person does on GitHub: the first process of the
// step that runs is interrupted, and killed ten seconds later.
func (s *Stage) Play(ctx context.Context, event Event) (Run, error) {
	s.runs++
	run := Run{ID: s.runs}
	if err := s.prepare(ctx, event); err != nil {
		return run, fmt.Errorf("preparing the run of %s: %w", event.Workflow, err)
	}
	arguments, err := s.arguments(event, run.ID)
	if err != nil {
		return run, fmt.Errorf("preparing the run of %s: %w", event.Workflow, err)
	}
	var output bytes.Buffer
	act := exec.CommandContext(ctx, s.set.Act, arguments...)
	act.Env = s.environment
	act.Stdout, act.Stderr = &output, &output
	act.Cancel = func() error { return act.Process.Signal(os.Interrupt) }
	if event.Approve != nil {
		act.Env = append(act.Env, "PLAY_APPROVAL="+s.approval())
	}
	ended, end := context.WithCancel(ctx)
	approved := make(chan error, 1)
	go func() { approved <- s.approveOnceAsked(ended, event) }()
	run.Err = act.Run()
	end()
	run.Output = output.String()
	return run, <-approved
}

// prepare checks out the commit that the workflow is read from.
func (s *Stage) prepare(ctx context.Context, event Event) error {
	for _, words := range [][]string{
		{"fetch", "--quiet", "--prune", "origin"},
		{"checkout", "--quiet", "--detach", event.Commit},
	} {
		if _, err := s.git(ctx, s.runner, words...); err != nil {
			return err
		}
	}
	for _, file := range []string{s.approval(), s.asked()} {
		if err := os.Remove(file); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

func (s *Stage) arguments(event Event, id int) ([]string, error) {
	payload, err := json.Marshal(event.Payload)
	if err != nil {
		return nil, err
	}
	file := filepath.Join(s.set.Folder, "event-"+strconv.Itoa(id)+".json")
	if err := os.WriteFile(file, payload, 0o600); err != nil {
		return nil, err
	}
	arguments := append([]string{
		event.Name, "--directory", s.runner, "--workflows", filepath.Join(workflows.Folder, event.Workflow),
		"--eventpath", file, "--platform", "ubuntu-24.04=-self-hosted", "--no-skip-checkout", "--no-cache-server",
		"--action-cache-path", filepath.Join(s.set.Folder, "act"), "--container-daemon-socket", "-", "--rm",
		"--matrix", "stack:" + s.set.Stack, "--secret", "GITHUB_TOKEN=none",
		"--var", "PULUMI_BACKEND_URL=" + s.set.Environment["PULUMI_BACKEND_URL"],
		"--env", "GITHUB_REPOSITORY=" + Repository, "--env", "GITHUB_RUN_ID=" + strconv.Itoa(id),
	}, s.actions...)
	if event.Job != "" {
		arguments = append(arguments, "--job", event.Job)
	}
	return arguments, nil
}

func (s *Stage) asked() string { return s.approval() + ".asked" }

// approveOnceAsked waits until a job asks for its approval, and gives it. It ends with ctx at the latest.
func (s *Stage) approveOnceAsked(ctx context.Context, event Event) error {
	if event.Approve == nil {
		return nil
	}
	ticks := time.NewTicker(pause)
	defer ticks.Stop()
	for {
		if _, err := os.Stat(s.asked()); err == nil {
			if err := event.Approve(); err != nil {
				return fmt.Errorf("approving: %w", err)
			}
			return os.WriteFile(s.approval(), nil, 0o600)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-ticks.C:
		}
	}
}

// Artifact returns a file that a run has uploaded.
func (s *Stage) Artifact(run Run, artifact, file string) (string, error) {
	content, err := os.ReadFile(filepath.Join(s.github(), "artifacts", strconv.Itoa(run.ID), artifact, file))
	return string(content), err
}
