package engine

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// deadPID returns the ID of a process that has ended.
func deadPID(t *testing.T) int {
	t.Helper()
	ended := exec.Command("true")
	require.NoError(t, ended.Run())
	return ended.Process.Pid
}

func (f fixture) lock(content string) string {
	path := filepath.Join(f.stack.State(), ".pulumi", "locks", "organization", "dreamseed", "local", "some-id.json")
	f.write(path, content)
	return path
}

func lockOf(pid int, host string, taken time.Time) string {
	return fmt.Sprintf(`{"pid":%d,"username":"u","hostname":%q,"timestamp":%q}`, pid, host, taken.Format(time.RFC3339Nano))
}

func TestOnlyALockWhoseHolderIsGoneIsCleared(t *testing.T) {
	host, err := os.Hostname()
	require.NoError(t, err)
	now := time.Now()

	for reason, c := range map[string]struct {
		content string
		busy    bool
	}{
		"the holder has ended":                            {lockOf(deadPID(t), host, now), false},
		"the holder lives":                                {lockOf(os.Getpid(), host, now), true},
		"the process is younger than the lock":            {lockOf(os.Getpid(), host, now.Add(-24*time.Hour)), false},
		"nothing is known about processes of other hosts": {lockOf(deadPID(t), "elsewhere", now), true},
		"the holder died while it wrote the lock":         {`{"pid":`, false},
	} {
		t.Run(reason, func(t *testing.T) {
			f := newFixture(t, "")
			path := f.lock(c.content)

			err := f.Recover(t.Context(), nil)

			if c.busy {
				var busy *BusyError
				require.ErrorAs(t, err, &busy)
				assert.FileExists(t, path)
				return
			}
			require.NoError(t, err)
			assert.NoFileExists(t, path)
		})
	}
}

func TestABusyStackSaysWhoUsesItAndWhatToDo(t *testing.T) {
	assert.EqualError(t, &BusyError{Stack: "local", PID: 42}, "stack local is in use by pulumi, process 42: "+
		"wait for it to end, or interrupt it with `kill -INT 42`, then run this again")
}
