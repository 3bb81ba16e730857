package process

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	gopsutil "github.com/shirou/gopsutil/v4/process"

	"github.com/dreamseed/platform/internal/sandbox/privatefile"
)

// record is the saved description of a started process. Without a PID, the process was only about to be started.
type record struct {
	Name     string   `json:"name"`
	Command  []string `json:"command"`
	Revision string   `json:"revision,omitempty"`
	PID      int      `json:"pid,omitempty"`
	// Created is the creation time in milliseconds since 1970, as the system reports it.
	Created int64 `json:"created,omitempty"`
}

func recordPath(records, name string) string { return filepath.Join(records, name+".json") }

func readRecord(records, name string) (record, error) {
	data, err := os.ReadFile(recordPath(records, name))
	if err != nil {
		return record{}, err
	}
	var r record
	if err := json.Unmarshal(data, &r); err != nil {
		return record{}, fmt.Errorf("reading %s: %w", recordPath(records, name), err)
	}
	return r, nil
}

func (r record) write(records string) error {
	data, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return err
	}
	return privatefile.Write(recordPath(records, r.Name), append(data, '\n'))
}

func (r record) remove(records string) error {
	if err := os.Remove(recordPath(records, r.Name)); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("removing the record of %s: %w", r.Name, err)
	}
	return nil
}

// locate finds the process of the record. The ID alone is not enough: it may be in use again. If ID and creation time
// do not match, because the starter was killed before it wrote them or because the machine's clock was set, the command
// line decides. The pid is 0 if no such process is alive.
func (r record) locate() (pid int, err error) {
	if created, alive := creation(r.PID); alive && r.createdAt(created) && r.runs(r.PID) {
		return r.PID, nil
	}
	pids, err := gopsutil.Pids()
	if err != nil {
		return 0, fmt.Errorf("listing processes: %w", err)
	}
	for _, pid := range pids {
		if _, alive := creation(int(pid)); alive && r.runs(int(pid)) {
			return int(pid), nil
		}
	}
	return 0, nil
}

// clockError is the tolerance, in milliseconds, between two readings of one creation time: some systems count it from
// the boot time, which they know to the second.
const clockError = 2000

func (r record) createdAt(created int64) bool {
	return r.Created-clockError <= created && created <= r.Created+clockError
}

func (r record) runs(pid int) bool {
	p := gopsutil.Process{Pid: int32(pid)}
	command, err := p.CmdlineSlice()
	return err == nil && slices.Equal(command, r.Command)
}

// creation returns the creation time of a process, in milliseconds since 1970. A zombie is not alive: it only waits for
// its parent to reap it.
func creation(pid int) (created int64, alive bool) {
	if pid <= 0 {
		return 0, false
	}
	p := gopsutil.Process{Pid: int32(pid)}
	status, err := p.Status()
	if err != nil || slices.Contains(status, gopsutil.Zombie) {
		return 0, false
	}
	created, err = p.CreateTime()
	return created, err == nil
}
