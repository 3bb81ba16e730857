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

// session is an engine with everything that it started: the language host, the program, the providers. The process ID
// of the engine is the ID of the session. The time tells the engine from a later process with the same ID.
type session struct {
	PID int32 `json:"pid"`
	// Created is when the engine started, in milliseconds since 1970.
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

// loadSession reads a record. It is nil where there is none.
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

// alive says whether the engine itself still runs.
func (s session) alive() bool {
	current, err := sessionOf(int(s.PID))
	return err == nil && current.Created == s.Created && !ended(s.PID)
}

// stale says whether the session's ID may have been given to another session since: after a restart of the machine,
// or when a younger process leads it.
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

// grace is how long a process may take to end by itself, and then how long to be gone after it was killed.
const grace = 5 * time.Second

// stop ends every process of the session, politely first.
func (s session) stop() error {
	for _, signal := range []syscall.Signal{unix.SIGTERM, unix.SIGKILL} {
		gone, err := s.signal(signal)
		if gone || err != nil {
			return err
		}
	}
	return fmt.Errorf("stopping what the engine left running: session %d does not end", s.PID)
}

// signal sends one signal to the members of the session and says whether they were all gone within the grace.
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

// members are the processes of the session that still run.
func (s session) members() ([]int32, error) {
	pids, err := process.Pids()
	if err != nil {
		return nil, fmt.Errorf("listing processes: %w", err)
	}
	return slices.DeleteFunc(pids, func(pid int32) bool {
		// A process that ended meanwhile, or that belongs to somebody else, has no session to us.
		sid, err := unix.Getsid(int(pid))
		return err != nil || sid != int(s.PID) || ended(pid)
	}), nil
}

// ended says whether a process is no more. One that only waits for its parent to notice counts as ended.
func ended(pid int32) bool {
	p, err := process.NewProcess(pid)
	if err != nil {
		return true
	}
	status, err := p.Status()
	return err == nil && slices.Contains(status, process.Zombie)
}
