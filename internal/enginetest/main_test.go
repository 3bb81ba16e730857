package enginetest

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"testing"
	"time"
)

// untilInterrupted ends what the tests run in the sandbox when somebody presses Ctrl-C, so that TestMain comes to stop
// the sandbox itself.
var untilInterrupted context.Context

// shared is the sandbox that most tests use. Each begins by bringing it to where it needs it to be.
var shared *stand

// releasing is the sandbox that gets releases, good and bad ones.
var releasing *stand

func TestMain(m *testing.M) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	untilInterrupted = ctx
	code, err := runShared(m)
	if err != nil {
		fmt.Fprintln(os.Stderr, "the engine tests' sandbox:", err)
		code = 1
	}
	os.Exit(code) //nolint:gocritic // nothing is left for the deferred stop to do
}

func runShared(m *testing.M) (code int, err error) {
	folder, err := os.MkdirTemp("", "dreamseed-engine-tests-")
	if err != nil {
		return 0, err
	}
	defer os.RemoveAll(folder) //nolint:errcheck // a folder in the system's temporary one
	shared, err = newStand(folder, "local")
	if err != nil {
		return 0, err
	}
	releasing = shared.opened("local", "releasing")
	defer func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		if downErr := releasing.box.Down(ctx); err == nil {
			err = downErr
		}
	}()
	defer func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		if downErr := shared.box.Down(ctx); err == nil {
			err = downErr
		}
	}()
	return m.Run(), nil
}
