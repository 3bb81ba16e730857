package engine

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/common/workspace"
)

// BusyError reports that another engine holds the stack.
type BusyError struct {
	Stack string
	// PID is the engine's process ID. Host is the machine that it runs on, empty for this one.
	PID  int
	Host string
}

func (e *BusyError) Error() string {
	if e.Host != "" {
		return fmt.Sprintf("stack %s is in use by process %d on %s: wait for it to end; "+
			"if it is gone, run `pulumi cancel --yes` on the stack", e.Stack, e.PID, e.Host)
	}
	return fmt.Sprintf("stack %s is in use by pulumi, process %d: wait for it to end, "+
		"or interrupt it with `kill -INT %d`, then run this again", e.Stack, e.PID, e.PID)
}

// backendLock is the content of the file backend's lock files.
type backendLock struct {
	PID       int       `json:"pid"`
	Hostname  string    `json:"hostname"`
	Timestamp time.Time `json:"timestamp"`
}

// clearLocks removes the lock files that a killed engine left in the backend, as `pulumi cancel` does, but only if that
// engine is certain to be gone.
func (e *Engine) clearLocks() error {
	folder := filepath.Join(e.stack.State(), workspace.BookkeepingDir, workspace.LockDir)
	hostname, err := os.Hostname()
	if err != nil {
		return fmt.Errorf("asking for this machine's name: %w", err)
	}
	return filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return nil
		case err != nil:
			return fmt.Errorf("listing the locks of stack %s: %w", e.stack.Name, err)
		case entry.IsDir():
			return nil
		}
		return e.clearLock(path, hostname)
	})
}

func (e *Engine) clearLock(path, hostname string) error {
	content, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("reading a lock of stack %s: %w", e.stack.Name, err)
	}
	if lock, whole := parseLock(content); whole {
		if lock.Hostname != hostname {
			return &BusyError{Stack: e.stack.Name, PID: lock.PID, Host: lock.Hostname}
		}
		if lock.held() {
			return &BusyError{Stack: e.stack.Name, PID: lock.PID}
		}
	}
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("removing the lock of a dead engine: %w", err)
	}
	return nil
}

// parseLock reads a lock file. An incomplete file was never held: its engine died while writing it.
func parseLock(content []byte) (backendLock, bool) {
	var lock backendLock
	err := json.Unmarshal(content, &lock)
	return lock, err == nil && lock.PID != 0
}

// held reports whether the process that took the lock is still alive. A process younger than the lock is a different
// one.
func (l backendLock) held() bool {
	holder, err := sessionOf(l.PID)
	return err == nil && holder.Created <= l.Timestamp.UnixMilli() && !ended(holder.PID)
}
