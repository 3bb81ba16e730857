package process_test

import (
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"github.com/dreamseed/platform/internal/sandbox/process"
)

// inTime is a limit that a correct implementation never comes near.
const (
	poll   = 10 * time.Millisecond
	inTime = 20 * time.Second
)

// script returns a command that runs a shell script. Its unique folder makes the command line unique.
func script(t *testing.T, text string) process.Command {
	t.Helper()
	dir := t.TempDir()
	path := filepath.Join(dir, "script.sh")
	require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	return process.Command{
		Name: "worker", Path: "/bin/sh", Args: []string{path}, Dir: dir,
		Env: []string{"PATH=" + os.Getenv("PATH")}, Log: filepath.Join(dir, "logs", "worker.log"),
	}
}

const sleeps = "echo started; while :; do sleep 0.05; done"

func start(t *testing.T, records string, c process.Command) *process.Process {
	t.Helper()
	p, err := process.Start(records, c)
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, p.Stop(context.Background(), 0)) })
	return p
}

func find(t *testing.T, records string) *process.Process {
	t.Helper()
	p, err := process.Find(records, "worker")
	require.NoError(t, err)
	return p
}

// edit changes a field of the worker's record, or removes it if the value is nil.
func edit(t *testing.T, records, field string, value any) {
	t.Helper()
	path := filepath.Join(records, "worker.json")
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	record := map[string]any{}
	require.NoError(t, json.Unmarshal(data, &record))
	require.Contains(t, record, field)
	delete(record, field)
	if value != nil {
		record[field] = value
	}
	data, err = json.Marshal(record)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(path, data, 0o600))
}

func TestAStartedProcessIsFoundAgain(t *testing.T) {
	records := t.TempDir()
	c := script(t, sleeps)
	c.Revision = "first"
	p := start(t, records, c)

	found := find(t, records)
	require.NotNil(t, found)
	assert.Equal(t, p.PID, found.PID)
	assert.Equal(t, "first", found.Revision)
	assert.True(t, found.Running())
}

func TestAStartedProcessLeadsItsOwnSession(t *testing.T) {
	p := start(t, t.TempDir(), script(t, sleeps))
	session, err := unix.Getsid(p.PID)
	require.NoError(t, err)
	assert.Equal(t, p.PID, session, "an interrupt from the starter's terminal must not reach it")
}

func TestRecordsAndLogsArePrivate(t *testing.T) {
	records := t.TempDir()
	c := script(t, sleeps)
	start(t, records, c)
	for _, path := range []string{filepath.Join(records, "worker.json"), c.Log} {
		file, err := os.Stat(path)
		require.NoError(t, err)
		assert.Equal(t, os.FileMode(0o600), file.Mode().Perm(), path)
	}
}

func TestNothingIsInheritedFromTheEnvironment(t *testing.T) {
	t.Setenv("DREAMSEED_TEST_PLANTED", "visible")
	c := script(t, `echo "planted=$DREAMSEED_TEST_PLANTED"`)
	c.Env = nil
	<-start(t, t.TempDir(), c).Exited()
	assert.Equal(t, "planted=", process.LogTail(c.Log, 1))
}

func TestOutputIsAppendedToTheLog(t *testing.T) {
	c := script(t, "echo out; echo err >&2")
	for range 2 {
		<-start(t, t.TempDir(), c).Exited()
	}
	assert.Equal(t, "out\nerr\nout\nerr", process.LogTail(c.Log, 10))
}

func TestTheStarterIsToldThatTheProcessEnded(t *testing.T) {
	records := t.TempDir()
	p := start(t, records, script(t, "exit 3"))
	select {
	case <-p.Exited():
	case <-time.After(inTime):
		require.Fail(t, "the process ended and nobody was told")
	}
	assert.False(t, p.Running())
	assert.Nil(t, find(t, records))
}

func TestNothingIsFoundThatWasNeverStarted(t *testing.T) {
	assert.Nil(t, find(t, filepath.Join(t.TempDir(), "absent")))
}

func TestAStaleRecordIsRemoved(t *testing.T) {
	tests := map[string]struct {
		reason string
		pid    func(t *testing.T) int
	}{
		"dead process": {
			reason: "no process has that id any more",
			pid: func(t *testing.T) int {
				t.Helper()
				c := exec.Command("true")
				require.NoError(t, c.Run())
				return c.Process.Pid
			},
		},
		"reused id": {
			reason: "the id belongs to a process that was never ours: stopping it would hit a stranger",
			pid:    func(*testing.T) int { return os.Getpid() },
		},
		"zombie": {
			reason: "a process that its parent has not waited for has an id and does no work",
			pid: func(t *testing.T) int {
				t.Helper()
				c := exec.Command("true")
				require.NoError(t, c.Start())
				t.Cleanup(func() { _ = c.Wait() })
				awaitZombie(t, c.Process.Pid)
				return c.Process.Pid
			},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			records := t.TempDir()
			<-start(t, records, script(t, "exit 0")).Exited()
			write(t, records, map[string]any{"name": "worker", "command": []string{"/gone"}, "pid": test.pid(t), "created": 1})

			assert.Nil(t, find(t, records), test.reason)
			assert.NoFileExists(t, filepath.Join(records, "worker.json"))
		})
	}
}

func write(t *testing.T, records string, record map[string]any) {
	t.Helper()
	data, err := json.Marshal(record)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(records, "worker.json"), data, 0o600))
}

// awaitZombie waits until the child has ended, without reaping it.
func awaitZombie(t *testing.T, pid int) {
	t.Helper()
	require.Eventually(t, func() bool {
		out, err := exec.Command("ps", "-o", "stat=", "-p", strconv.Itoa(pid)).Output()
		return err == nil && len(out) > 0 && out[0] == 'Z'
	}, inTime, poll)
}

func TestAReusedIDIsNotTakenForTheProcessEvenWithTheSameCommand(t *testing.T) {
	records := t.TempDir()
	c := script(t, sleeps)
	stranger := exec.Command("sleep", "60")
	require.NoError(t, stranger.Start())
	t.Cleanup(func() { _ = stranger.Process.Kill(); _ = stranger.Wait() })
	p := start(t, records, c)
	edit(t, records, "pid", stranger.Process.Pid)

	found := find(t, records)
	require.NotNil(t, found)
	assert.Equal(t, p.PID, found.PID, "the command line tells which process is meant")
}

func TestAProcessWhoseStarterWasKilledBeforeItWroteThePIDIsFound(t *testing.T) {
	records := t.TempDir()
	p := start(t, records, script(t, sleeps))
	edit(t, records, "pid", nil)
	edit(t, records, "created", nil)

	found := find(t, records)
	require.NotNil(t, found)
	assert.Equal(t, p.PID, found.PID)
	edit(t, records, "pid", found.PID) // the record was completed: the field is set again
}

func TestTheRecordIsWrittenBeforeTheProcessStarts(t *testing.T) {
	records := t.TempDir()
	c := script(t, `cat "`+records+`/worker.json"`)
	<-start(t, records, c).Exited()
	assert.Contains(t, process.LogTail(c.Log, 20), `"name": "worker"`)
}

func TestACommandThatCannotStartLeavesNoRecord(t *testing.T) {
	records := t.TempDir()
	c := script(t, "")
	c.Path = filepath.Join(c.Dir, "absent")
	_, err := process.Start(records, c)
	require.ErrorIs(t, err, os.ErrNotExist)
	require.ErrorContains(t, err, "starting worker")
	assert.NoFileExists(t, filepath.Join(records, "worker.json"))
}

func TestStopAsksFirst(t *testing.T) {
	records := t.TempDir()
	c := script(t, "trap 'echo asked; exit 0' TERM; echo ready; while :; do sleep 0.05; done")
	p := start(t, records, c)
	awaitLog(t, c.Log, "ready")

	require.NoError(t, find(t, records).Stop(context.Background(), inTime))
	assert.Equal(t, "ready\nasked", process.LogTail(c.Log, 5))
	assert.False(t, p.Running())
	assert.NoFileExists(t, filepath.Join(records, "worker.json"))
}

func TestStopKillsWhatDoesNotListen(t *testing.T) {
	records := t.TempDir()
	c := script(t, "trap '' TERM; echo ready; while :; do sleep 0.05; done")
	p := start(t, records, c)
	awaitLog(t, c.Log, "ready")

	require.NoError(t, p.Stop(context.Background(), poll))
	assert.False(t, p.Running())
	assert.NoFileExists(t, filepath.Join(records, "worker.json"))
}

func TestACancelledStopCanBeRepeated(t *testing.T) {
	records := t.TempDir()
	c := script(t, "trap '' TERM; echo ready; while :; do sleep 0.05; done")
	p := start(t, records, c)
	awaitLog(t, c.Log, "ready")

	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	require.ErrorIs(t, p.Stop(ctx, inTime), context.Canceled)
	assert.FileExists(t, filepath.Join(records, "worker.json"), "a process that may still run must not be forgotten")
	assert.NoError(t, p.Stop(context.Background(), 0))
}

func TestStoppingWhatHasEndedIsNoError(t *testing.T) {
	p := start(t, t.TempDir(), script(t, "exit 0"))
	<-p.Exited()
	require.NoError(t, p.Stop(context.Background(), 0))
	assert.NoError(t, p.Stop(context.Background(), 0))
}

func awaitLog(t *testing.T, log, line string) {
	t.Helper()
	require.Eventually(t, func() bool { return process.LogTail(log, 1) == line }, inTime, poll)
}

func TestLogTail(t *testing.T) {
	path := filepath.Join(t.TempDir(), "log")
	require.NoError(t, os.WriteFile(path, []byte("one\ntwo\nthree\n"), 0o600))
	assert.Equal(t, "two\nthree", process.LogTail(path, 2))
	assert.Equal(t, "one\ntwo\nthree", process.LogTail(path, 9))
	assert.Empty(t, process.LogTail(path+".absent", 2))
}
