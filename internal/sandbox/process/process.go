// Package process starts programs that go on running after the command that started them has ended, and finds them
// again.
//
// What was started is remembered in a record, one file per name. A record says which process it means by its id, its
// creation time and its command line, so that another process that got the same id is never taken for it. The record
// is written before the process is started, and completed after: if the starter is killed in between, the process is
// found by its command line, which is as good as unique because it names files of one stack.
package process

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"
)

// Command says what to start.
type Command struct {
	// Name is what the process is called in its record and in messages.
	Name string
	// Path is the absolute path of the executable.
	Path string
	// Args are the arguments without the executable. Anybody on the machine can read them: no secrets.
	Args []string
	// Env is the whole environment: nothing is inherited.
	Env []string
	// Dir is the working directory.
	Dir string
	// Log is the file that standard output and standard error are appended to.
	Log string
	// Revision tells two starts of one name apart that differ in more than their arguments, for example in the
	// content of the files that the arguments name. Optional.
	Revision string
}

// Process is a started process that was alive when it was looked at.
type Process struct {
	// Name is the name in the record.
	Name string
	// PID is the id that the system gave the process. It leads a session of its own.
	PID int
	// Revision is what the process was started with.
	Revision string

	records string
	record  record
	exited  <-chan struct{} // nil for a process that another command started
}

// Start starts the command apart from this one: a hang-up or an interrupt from the terminal does not reach it. The
// caller makes sure with Find that it does not run already. As long as the caller lives it waits for the process, so
// that none becomes a zombie.
func Start(records string, c Command) (*Process, error) {
	r := record{Name: c.Name, Command: append([]string{c.Path}, c.Args...), Revision: c.Revision}
	if err := r.write(records); err != nil {
		return nil, fmt.Errorf("starting %s: %w", c.Name, err)
	}
	child, err := launch(c)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("starting %s: %w", c.Name, err), r.remove(records))
	}
	exited := make(chan struct{})
	go func() {
		_ = child.Wait() // how it ended is in its log; that it ended is what Running tells
		close(exited)
	}()
	p := &Process{Name: c.Name, Revision: c.Revision, PID: child.Process.Pid, records: records, record: r, exited: exited}
	if err := p.remember(); err != nil {
		return nil, errors.Join(fmt.Errorf("starting %s: %w", c.Name, err), p.kill())
	}
	return p, nil
}

func launch(c Command) (*exec.Cmd, error) {
	if err := os.MkdirAll(filepath.Dir(c.Log), 0o700); err != nil {
		return nil, err
	}
	log, err := os.OpenFile(c.Log, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	defer func() { _ = log.Close() }() // the child has its own
	child := &exec.Cmd{
		Path: c.Path, Args: append([]string{c.Path}, c.Args...), Env: c.Env, Dir: c.Dir,
		Stdout: log, Stderr: log, SysProcAttr: &syscall.SysProcAttr{Setsid: true},
	}
	if child.Env == nil {
		child.Env = []string{} // nil would mean: inherit
	}
	return child, child.Start()
}

// remember completes the record. A process that has ended already has no creation time: its record stays incomplete,
// and nobody is found for it.
func (p *Process) remember() error {
	created, alive := creation(p.PID)
	if !alive {
		return nil
	}
	p.record.PID, p.record.Created = p.PID, created
	return p.record.write(p.records)
}

// Find returns the living process of that name, or nil where there is none. A record whose process is gone, is a
// zombie, or whose id now belongs to another process is removed.
func Find(records, name string) (*Process, error) {
	r, err := readRecord(records, name)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("finding %s: %w", name, err)
	}
	pid, err := r.locate()
	if err != nil {
		return nil, fmt.Errorf("finding %s: %w", name, err)
	}
	if pid != 0 {
		p := &Process{Name: name, Revision: r.Revision, PID: pid, records: records, record: r}
		return p, p.remember()
	}
	return nil, r.remove(records)
}

// Running tells whether the process is still alive.
func (p *Process) Running() bool {
	select {
	case <-p.exited:
		return false
	default:
		created, alive := creation(p.PID)
		return alive && p.record.createdAt(created)
	}
}

// Exited is closed when the process has ended. It is nil for a process that Find returned: only the starter is told.
func (p *Process) Exited() <-chan struct{} { return p.exited }

// afterKill is how long a killed process may take to disappear.
const afterKill = 10 * time.Second

// Stop asks the process to end, and kills it where it has not ended after grace. The record is removed once the process
// is gone, so that a Stop whose context is cancelled can be repeated.
func (p *Process) Stop(ctx context.Context, grace time.Duration) error {
	if err := p.stop(ctx, grace); err != nil {
		return fmt.Errorf("stopping %s (process %d): %w", p.Name, p.PID, err)
	}
	return p.record.remove(p.records)
}

func (p *Process) stop(ctx context.Context, grace time.Duration) error {
	if err := p.signal(syscall.SIGTERM); err != nil {
		return err
	}
	err := p.awaitEnd(ctx, grace)
	if !errors.Is(err, errStillRunning) {
		return err
	}
	if err := p.kill(); err != nil {
		return err
	}
	return p.awaitEnd(ctx, afterKill)
}

func (p *Process) kill() error { return p.signal(syscall.SIGKILL) }

// signal sends to the process alone: what it may have started belongs to it to stop.
func (p *Process) signal(s syscall.Signal) error {
	if !p.Running() {
		return nil
	}
	if err := syscall.Kill(p.PID, s); err != nil && !errors.Is(err, syscall.ESRCH) {
		return err
	}
	return nil
}

var errStillRunning = errors.New("it is still running")

// pollEnd is how often a stopping process is looked at.
const pollEnd = 20 * time.Millisecond

func (p *Process) awaitEnd(ctx context.Context, limit time.Duration) error {
	expired := time.After(limit)
	for p.Running() {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-expired:
			return errStillRunning
		case <-time.After(pollEnd):
		}
	}
	return nil
}
