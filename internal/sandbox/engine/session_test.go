package engine

import (
	"os/exec"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// startSession runs a script in a session of its own, and returns when the script has printed a word.
func startSession(t *testing.T, script string) (session, *exec.Cmd) {
	t.Helper()
	leader := exec.Command("sh", "-c", script)
	leader.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	out, err := leader.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, leader.Start())
	t.Cleanup(func() { _ = leader.Wait() })
	_, err = out.Read(make([]byte, 16))
	require.NoError(t, err)
	s, err := sessionOf(leader.Process.Pid)
	require.NoError(t, err)
	t.Cleanup(func() { _, _ = s.signal(syscall.SIGKILL) })
	return s, leader
}

func TestStoppingASessionReachesEveryProcessInIt(t *testing.T) {
	for reason, script := range map[string]string{
		"a child":                              "sleep 600 & echo up; wait",
		"a grandchild in a group of its own":   "set -m; (sleep 600 & sleep 600) & echo up; wait",
		"one that does not listen to requests": "trap '' TERM; (trap '' TERM; sleep 600) & echo up; wait",
	} {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			s, _ := startSession(t, script)
			members, err := s.members()
			require.NoError(t, err)
			require.GreaterOrEqual(t, len(members), 2)

			require.NoError(t, s.stop())

			members, err = s.members()
			require.NoError(t, err)
			assert.Empty(t, members)
			assert.False(t, s.alive())
		})
	}
}

func TestASessionOutlivesItsLeader(t *testing.T) {
	s, leader := startSession(t, "sleep 600 & echo up; wait")
	require.NoError(t, leader.Process.Kill())
	_ = leader.Wait()

	assert.False(t, s.alive())
	stale, err := s.stale()
	require.NoError(t, err)
	assert.False(t, stale)
	members, err := s.members()
	require.NoError(t, err)
	assert.Len(t, members, 1, "the sleep")
}

func TestAnotherProcessWithTheSameIDIsNotTheSession(t *testing.T) {
	s, _ := startSession(t, "echo up; sleep 600")

	for reason, created := range map[string]int64{
		"it started before the machine did":     1,
		"a later process leads the session now": s.Created - 1,
	} {
		other := session{PID: s.PID, Created: created}
		stale, err := other.stale()
		require.NoError(t, err)
		assert.True(t, stale, reason)
		assert.False(t, other.alive(), reason)
	}
}
