package enginetest

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

// untilInterrupted ends what the tests run in the sandbox when somebody presses Ctrl-C, so that TestMain comes to stop
// the sandbox itself.
var untilInterrupted context.Context

// The stands that tests share. Each is a stack of its own with a control plane of its own, so that they work beside
// each other: most of a run is waiting. A test takes the one on which it disturbs the least, and brings it to where it
// needs it to be.
var (
	// local is only looked at: once it is up, it stays as it is tracked, and other stands may be compared with it.
	local *stand
	// changing gets other configurations and loses objects.
	changing *stand
	// failing gets releases that do not work, and loses components of its control plane.
	failing *stand
	// disrupted loses pods, nodes and zones.
	disrupted *stand
	// dying loses its engine and everything that it holds.
	dying *stand
	// releasing gets releases by every strategy, good and bad ones.
	releasing *stand
)

func TestMain(m *testing.M) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	untilInterrupted = ctx
	code, err := runOnStands(m)
	if err != nil {
		fmt.Fprintln(os.Stderr, "the engine tests' sandboxes:", err)
		code = 1
	}
	os.Exit(code) //nolint:gocritic // nothing is left for the deferred stop to do
}

func runOnStands(m *testing.M) (code int, err error) {
	if err := startAllTests(); err != nil {
		return 0, err
	}
	w, err := openWorkshop()
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, w.close()) }()
	if local, err = newStand(w.project, "local"); err != nil {
		return 0, err
	}
	changing = local.opened("local", "local-changing")
	failing = local.opened("local", "local-failing")
	disrupted = local.opened("local", "local-disrupted")
	dying = local.opened("local", "local-dying")
	releasing = local.opened("local", "local-releasing")
	return m.Run(), nil
}

// slots is more than there are tests. A test that waits for its stand takes a slot of -parallel as one that works does:
// with fewer slots, the tests of one stand would keep those of an idle one from starting. What works at the same time
// is limited by the number of stands.
const slots = "1000"

// startAllTests makes -parallel no limit, unless somebody chose one.
func startAllTests() error {
	flag.Parse()
	chosen := false
	flag.Visit(func(f *flag.Flag) { chosen = chosen || f.Name == "test.parallel" })
	if chosen {
		return nil
	}
	return flag.Set("test.parallel", slots)
}
