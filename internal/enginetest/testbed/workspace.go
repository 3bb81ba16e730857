package testbed

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/gofrs/flock"
	"github.com/shirou/gopsutil/v4/process"

	"github.com/dreamseed/platform/internal/sandbox"
	"github.com/dreamseed/platform/internal/sandbox/layout"
)

// workspace is the folder in which the tests of a checkout work. Its path never changes, and all testbeds that build
// anything share one copy of the project in it, because the Go command compiles and links anew when the path changes.
type workspace struct {
	project string
	lock    *flock.Flock
}

// Checkout returns the root of the project to which the tests belong.
func Checkout() (string, error) {
	here, err := os.Getwd()
	if err != nil {
		return "", err
	}
	return layout.FindProject(here)
}

// commandLine returns the path of the built dreamseed.
func commandLine(root string) string { return filepath.Join(folderOf(root), "dreamseed") }

func folderOf(root string) string { return filepath.Join(root, ".sandbox", "engine-tests") }

// openWorkshop waits for another run of the tests, and removes the remains of a killed one.
func openWorkshop() (*workspace, error) {
	root, err := Checkout()
	if err != nil {
		return nil, err
	}
	folder := folderOf(root)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, err
	}
	w := &workspace{project: filepath.Join(folder, "project"), lock: flock.New(filepath.Join(folder, "lock"))}
	if err := w.lock.Lock(); err != nil {
		return nil, fmt.Errorf("waiting for another run of the engine tests: %w", err)
	}
	if err := w.clear(); err != nil {
		return nil, err
	}
	build := exec.Command("go", "build", "-o", commandLine(root), "./cmd/dreamseed")
	build.Dir = root
	if printed, err := build.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("building the command line: %s", printed)
	}
	return w, nil
}

func (w *workspace) close() error { return errors.Join(w.clear(), w.lock.Unlock()) }

// clear stops the sandboxes of the project, all at once, and removes it.
func (w *workspace) clear() error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	l := layout.Default(w.project)
	stacks, err := filepath.Glob(filepath.Join(l.Stacks, "*"))
	if err != nil {
		return err
	}
	problems := make([]error, len(stacks))
	var stopped sync.WaitGroup
	for i, folder := range stacks {
		if folder != l.Bin {
			stopped.Go(func() { problems[i] = sandbox.Open(l, filepath.Base(folder)).Down(ctx) })
		}
	}
	stopped.Wait()
	if err := errors.Join(problems...); err != nil {
		return fmt.Errorf("stopping the sandboxes in %s: %w", w.project, err)
	}
	return errors.Join(w.endOrphans(), os.RemoveAll(w.project))
}

// endOrphans ends the programs of the project that still run: the providers of an engine that was killed with its test.
func (w *workspace) endOrphans() error {
	all, err := process.Processes()
	if err != nil {
		return fmt.Errorf("listing processes: %w", err)
	}
	for _, one := range all {
		words, err := one.CmdlineSlice()
		if err != nil || len(words) == 0 || !strings.HasPrefix(words[0], w.project+string(filepath.Separator)) {
			continue // it has ended, or belongs to somebody else
		}
		if err := one.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) && !errors.Is(err, syscall.ESRCH) {
			return fmt.Errorf("ending %s: %w", words[0], err)
		}
	}
	return nil
}

// copyProject copies the files that Git tracks or would track.
func copyProject(from, to string) error {
	listed, err := exec.Command("git", "-C", from, "ls-files", "-z", "--cached", "--others", "--exclude-standard").Output()
	if err != nil {
		return err
	}
	for _, name := range strings.Split(strings.TrimRight(string(listed), "\x00"), "\x00") {
		content, err := os.ReadFile(filepath.Join(from, name))
		if os.IsNotExist(err) {
			continue // deleted, and not committed yet
		}
		if err != nil {
			return err
		}
		if err := os.MkdirAll(filepath.Dir(filepath.Join(to, name)), 0o700); err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(to, name), content, 0o600); err != nil {
			return err
		}
	}
	return nil
}
