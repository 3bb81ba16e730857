package testbed

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"testing"
)

// UntilInterrupted is cancelled on Ctrl-C: it ends the tests' runs in the sandbox, so that Main can stop the sandbox
// itself.
var UntilInterrupted context.Context

// Main is a package's TestMain. It runs the tests with a first testbed, of the stack local, which opens the others.
func Main(m *testing.M, open func(local *Testbed)) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	UntilInterrupted = ctx
	code, err := runOnStands(m, open)
	if err != nil {
		fmt.Fprintln(os.Stderr, "the engine tests' sandboxes:", err)
		code = 1
	}
	os.Exit(code) //nolint:gocritic // nothing is left for the deferred stop to do
}

func runOnStands(m *testing.M, open func(*Testbed)) (code int, err error) {
	if err := startAllTests(); err != nil {
		return 0, err
	}
	w, err := openWorkshop()
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, w.close()) }()
	local, err := New(w.project, "local")
	if err != nil {
		return 0, err
	}
	open(local)
	return m.Run(), nil
}

// slots exceeds the number of tests. A test that waits for its testbed takes a slot of -parallel as a working one does:
// with fewer slots, the tests of one testbed would keep those of an idle one from starting. Their number limits
// how many work at the same time.
const slots = "1000"

// startAllTests lifts the limit of -parallel, unless the flag was set.
func startAllTests() error {
	flag.Parse()
	chosen := false
	flag.Visit(func(f *flag.Flag) { chosen = chosen || f.Name == "test.parallel" })
	if chosen {
		return nil
	}
	return flag.Set("test.parallel", slots)
}
