// Package process starts programs that keep running after the command that started them has ended, and finds them
// again.
//
// Each started process has a record, one file per name. A record identifies its process by ID, creation time and
// command line, so that another process that got the same ID is never mistaken for it. The record is written before the
// process starts, and completed after: if the starter is killed in between, the process is found by its command line,
// which is as good as unique because it names files of one stack.
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

// Command describes a process to start.
type Command struct {
	// Name is the process's name in its record and in messages.
	Name string
	// Path is the absolute path of the executable.
	Path string
	// Args are the arguments without the executable. Any user of the machine can read them: no secrets.
	Args []string
	// Env is the whole environment: nothing is inherited.
	Env []string
	// Dir is the working directory.
	Dir string
	// Log is the file that standard output and standard error are appended to.
	Log string
	// Revision distinguishes starts of one name that differ in more than their arguments, for example in the content of
	// the files that the arguments name. Optional.
	Revision string
}

// Process is a started process that was alive when it was found.
type Process struct {
	// Name is the name in the record.
	Name string
	// PID is the process ID. The process leads a session of its own.
	PID int
	// Revision is the Revision that the process was started with.
	Revision string

	records string
	record  record
	exited  <-chan struct{} // nil for a process that another command started
}

// Start starts the command detached from this one: a hang-up or an interrupt from the terminal does not reach it. The
// caller first makes sure with Find that it is not running already. As long as the caller lives it waits for the
// process, so that none becomes a zombie.
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
		_ = child.Wait() // the log has the reason, and Running reports the exit
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
		child.Env = []string{} // nil would mean inherit
	}
	return child, child.Start()
}

// remember completes the record. A process that has already ended has no creation time: its record stays incomplete and
// matches no process.
func (p *Process) remember() error {
	created, alive := creation(p.PID)
	if !alive {
		return nil
	}
	p.record.PID, p.record.Created = p.PID, created
	return p.record.write(p.records)
}

// Find returns the running process of that name, or nil if there is none. A record is removed if its process is gone or
// a zombie, or if its ID now belongs to another process.
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

// Running reports whether the process is still alive.
func (p *Process) Running() bool {
	select {
	case <-p.exited:
		return false
	default:
		created, alive := creation(p.PID)
		return alive && p.record.createdAt(created)
	}
}

// Exited returns a channel that is closed when the process ends. It is nil for a process that Find returned: only the
// starter is notified.
func (p *Process) Exited() <-chan struct{} { return p.exited }

// afterKill is the time that a killed process has to disappear.
const afterKill = 10 * time.Second

// Stop asks the process to end, and kills it if it has not ended within grace. The record is removed once the process
// is gone, so that a Stop with a cancelled context can be repeated.
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

// signal signals the process alone: it has to stop its child processes itself.
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

// pollEnd is the interval at which a stopping process is polled.
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
