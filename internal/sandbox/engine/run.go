package engine

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"syscall"
	"time"
)

// patience is the time that an interrupted engine has to cancel its operations and save its state.
const patience = 30 * time.Second

// pulumi runs one command on the stack and returns the end of its error stream.
//
// The command runs in a session of its own, so that Ctrl-C in a terminal reaches only this process, and so that all its
// child processes can be found again. A cancelled context interrupts the command as Ctrl-C would. Once the engine has
// ended, in whatever way, no process of its session is left running.
func (e *Engine) pulumi(ctx context.Context, options Options, arguments ...string) (string, error) {
	var complaint tail
	command := exec.CommandContext(ctx, e.layout.Binary("pulumi"), append(arguments,
		"--stack", e.stack.Name, "--cwd", e.stack.Project(), "--non-interactive", "--color", "never")...)
	command.Env = append(append(e.Environment(), debugCommands), options.Environment...)
	command.Stderr = &complaint
	command.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	command.Cancel = func() error { return command.Process.Signal(os.Interrupt) }
	command.WaitDelay = patience

	err := e.inSession(command)
	if ctx.Err() != nil {
		err = errors.Join(context.Cause(ctx), err)
	}
	return complaint.String(), err
}

// debugCommands makes the engine accept --event-log.
const debugCommands = "PULUMI_DEBUG_COMMANDS=true"

// SaveOnce in the environment of an operation makes the engine write its state once, at the end, and not at each step
// (https://github.com/pulumi/pulumi/issues/10668). What a run did that is killed is not known then.
const SaveOnce = "PULUMI_SKIP_CHECKPOINTS=true"

// inSession runs the command to its end and stops the processes that it leaves running. A record of the session on disk
// lets the next run find them if this process is killed.
func (e *Engine) inSession(command *exec.Cmd) error {
	if err := command.Start(); err != nil {
		return fmt.Errorf("starting pulumi: %w", err)
	}
	session, err := sessionOf(command.Process.Pid)
	if err == nil {
		err = session.save(e.record())
	}
	if err != nil {
		// Without a record nothing could clean up after us: better not to run at all.
		return errors.Join(fmt.Errorf("recording the engine: %w", err), command.Process.Kill(), command.Wait())
	}

	runErr := command.Wait()
	if err := session.stop(); err != nil {
		return errors.Join(runErr, err)
	}
	if err := os.Remove(e.record()); err != nil {
		return errors.Join(runErr, fmt.Errorf("removing the record of the engine: %w", err))
	}
	return runErr
}

// tail keeps the end of the data written to it.
type tail struct{ content []byte }

const tailSize = 16 << 10

func (t *tail) Write(p []byte) (int, error) {
	t.content = append(t.content, p...)
	if surplus := len(t.content) - tailSize; surplus > 0 {
		t.content = t.content[surplus:]
	}
	return len(p), nil
}

func (t *tail) String() string { return string(t.content) }
