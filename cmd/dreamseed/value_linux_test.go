package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"github.com/dreamseed/platform/internal/sealing/sealingtest"
)

// terminal returns a terminal and the user's side of it.
func terminal(t *testing.T) (terminal, person *os.File) {
	t.Helper()
	person, err := os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY, 0)
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, person.Close()) })
	require.NoError(t, unix.IoctlSetPointerInt(int(person.Fd()), unix.TIOCSPTLCK, 0))
	number, err := unix.IoctlGetInt(int(person.Fd()), unix.TIOCGPTN)
	require.NoError(t, err)
	terminal, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|unix.O_NOCTTY, 0)
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, terminal.Close()) })
	return terminal, person
}

func shows(t *testing.T, terminal *os.File) bool {
	t.Helper()
	state, err := unix.IoctlGetTermios(int(terminal.Fd()), unix.TCGETS)
	require.NoError(t, err)
	return state.Lflag&unix.ECHO != 0
}

func TestATerminalDoesNotShowWhatIsTyped(t *testing.T) {
	controller := sealingtest.NewController(t)
	file := enter(t, sealedStack)
	terminal, person := terminal(t)
	done := make(chan result, 1)
	go func() {
		done <- run(t.Context(), terminal, "seal", "--stack=test", "--service=auth", "--key=DATABASE_URL",
			"--controller="+controller.URL)
	}()
	require.Eventually(t, func() bool { return !shows(t, terminal) }, 10*time.Second, time.Millisecond)
	_, err := io.WriteString(person, planted+"\n")
	require.NoError(t, err)

	got := <-done
	require.NoError(t, got.err)
	assert.Contains(t, got.output, "The value of DATABASE_URL of auth in dreamseed-staging (not shown): ")
	value, err := controller.Unseal(sealedValues(t, file)[0], "dreamseed-staging", "auth-service-sealed-database-url")
	require.NoError(t, err)
	assert.Equal(t, planted, value)
	assert.True(t, shows(t, terminal), "as it was before")
	_, err = io.WriteString(terminal, "the end")
	require.NoError(t, err)
	seen := make([]byte, 1000)
	length, err := person.Read(seen)
	require.NoError(t, err)
	assert.Contains(t, string(seen[:length]), "the end")
	assert.NotContains(t, string(seen[:length]), "hunter2")
}

func TestAnInterruptedTerminalShowsAgainWhatIsTyped(t *testing.T) {
	before := withCertificate(t, 24*time.Hour)
	file := enter(t, before)
	terminal, person := terminal(t)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan result, 1)
	go func() { done <- run(ctx, terminal, "seal", "--stack=test", "--service=auth", "--key=DATABASE_URL") }()
	require.Eventually(t, func() bool { return !shows(t, terminal) }, 10*time.Second, time.Millisecond)
	cancel()

	got := <-done
	require.ErrorIs(t, got.err, context.Canceled)
	assert.Equal(t, exitInterrupted, got.code)
	assert.True(t, shows(t, terminal))
	assert.Equal(t, before, content(t, file))
	_, err := io.WriteString(person, "\n") // ends the reader that the interrupt left behind
	require.NoError(t, err)
}

func TestRollbackAsksATerminal(t *testing.T) {
	cases := map[string]struct {
		reason, typed, want string
		code                int
	}{
		"second":  {"the number of its row", "2\n", digestOf("a"), 0},
		"none":    {"an empty line is no choice", "\n", digestOf("c"), 0},
		"unknown": {"there are two", "3\n", digestOf("c"), 2},
		"text":    {"only numbers are asked for", "b\n", digestOf("c"), 2},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			file := committed(t, digestOf("a"), digestOf("b"), digestOf("c"))
			terminal, person := terminal(t)
			_, err := io.WriteString(person, c.typed)
			require.NoError(t, err)

			done := run(t.Context(), terminal, "rollback", "auth", "--stack=test", "--offline")

			assert.Equal(t, c.code, done.code, "%s: %v", c.reason, done.err)
			assert.Contains(t, done.output, "Return to which one (1-2, nothing for none)?")
			assert.Contains(t, content(t, file), "auth-service@"+c.want)
		})
	}
}
