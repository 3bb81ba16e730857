package engine

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"syscall"
	"time"

	"github.com/shirou/gopsutil/v4/host"
	"github.com/shirou/gopsutil/v4/process"
	"golang.org/x/sys/unix"

	"github.com/dreamseed/platform/internal/sandbox/privatefile"
)

// session is an engine with all its child processes: the language host, the program, the providers. The engine's
// process ID is the session ID. The start time distinguishes the engine from a later process with the same ID.
type session struct {
	PID int32 `json:"pid"`
	// Created is the engine's start time, in milliseconds since 1970.
	Created int64 `json:"created"`
}

func sessionOf(pid int) (session, error) {
	leader, err := process.NewProcess(int32(pid))
	if err != nil {
		return session{}, err
	}
	created, err := leader.CreateTime()
	if err != nil {
		return session{}, err
	}
	return session{PID: leader.Pid, Created: created}, nil
}

func (s session) save(path string) error {
	content, err := json.Marshal(s)
	if err != nil {
		return err
	}
	return privatefile.Write(path, content)
}

// loadSession reads a record. It returns nil if there is none.
func loadSession(path string) (*session, error) {
	content, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("reading the record of the last engine: %w", err)
	}
	var s session
	if err := json.Unmarshal(content, &s); err != nil {
		return nil, fmt.Errorf("reading the record of the last engine in %s: %w", path, err)
	}
	return &s, nil
}

// alive reports whether the engine itself is still running.
func (s session) alive() bool {
	current, err := sessionOf(int(s.PID))
	return err == nil && current.Created == s.Created && !ended(s.PID)
}

// stale reports whether the session's ID may belong to another session by now: after a reboot, or if a younger process
// leads the session.
func (s session) stale() (bool, error) {
	booted, err := host.BootTime()
	if err != nil {
		return false, fmt.Errorf("asking when this machine started: %w", err)
	}
	if s.Created < int64(booted)*1000 {
		return true, nil
	}
	leader, err := sessionOf(int(s.PID))
	return err == nil && leader.Created != s.Created, nil
}

// grace is the time that a process has to end by itself, and then the time to disappear after it was killed.
const grace = 5 * time.Second

// stop ends every process of the session, gracefully at first.
func (s session) stop() error {
	for _, signal := range []syscall.Signal{unix.SIGTERM, unix.SIGKILL} {
		gone, err := s.signal(signal)
		if gone || err != nil {
			return err
		}
	}
	return fmt.Errorf("stopping what the engine left running: session %d does not end", s.PID)
}

// signal sends a signal to the members of the session and reports whether all of them ended within the grace period.
func (s session) signal(signal syscall.Signal) (bool, error) {
	signalled := map[int32]bool{}
	for deadline := time.Now().Add(grace); ; time.Sleep(20 * time.Millisecond) {
		members, err := s.members()
		if err != nil || len(members) == 0 {
			return err == nil, err
		}
		for _, pid := range members {
			if signalled[pid] {
				continue
			}
			signalled[pid] = true
			if err := unix.Kill(int(pid), signal); err != nil && !errors.Is(err, unix.ESRCH) {
				return false, fmt.Errorf("stopping process %d, which the engine left running: %w", pid, err)
			}
		}
		if time.Now().After(deadline) {
			return false, nil
		}
	}
}

// members returns the running processes of the session.
func (s session) members() ([]int32, error) {
	pids, err := process.Pids()
	if err != nil {
		return nil, fmt.Errorf("listing processes: %w", err)
	}
	return slices.DeleteFunc(pids, func(pid int32) bool {
		// Getsid fails for a process that ended meanwhile or that belongs to another user.
		sid, err := unix.Getsid(int(pid))
		return err != nil || sid != int(s.PID) || ended(pid)
	}), nil
}

// ended reports whether a process no longer exists. A zombie counts as ended.
func ended(pid int32) bool {
	p, err := process.NewProcess(pid)
	if err != nil {
		return true
	}
	status, err := p.Status()
	return err == nil && slices.Contains(status, process.Zombie)
}
