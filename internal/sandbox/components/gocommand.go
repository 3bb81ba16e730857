package components

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
)

// listener receives every line that the Go command prints.
type listener interface{ line(text string) }

type silent struct{}

func (silent) line(string) {}

// tailLines is the number of output lines shown when the Go command fails.
const tailLines = 30

// run runs the Go command in a folder and returns its standard output. A cancelled ctx kills it together with the
// compilers that it has started.
func (b *builder) run(ctx context.Context, folder string, told listener, arguments ...string) (string, error) {
	command := exec.CommandContext(ctx, b.goCommand, arguments...)
	command.Dir = folder
	// A workspace would mix the pins of the modules. The temporary folder makes the Go command's last step a rename.
	command.Env = append(os.Environ(), "GOWORK=off", "GOTMPDIR="+b.work, "GOBIN=", "GOOS=", "GOARCH=")
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	command.Cancel = func() error { return syscall.Kill(-command.Process.Pid, syscall.SIGKILL) }
	var out bytes.Buffer
	command.Stdout = &out
	said, err := command.StderrPipe()
	if err != nil {
		return "", err
	}
	if err := command.Start(); err != nil {
		return "", cannotStart(err)
	}
	var tail []string
	lines := bufio.NewScanner(said)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		told.line(lines.Text())
		tail = append(tail[max(0, len(tail)-tailLines+1):], lines.Text())
	}
	err = command.Wait()
	if ctx.Err() != nil {
		return "", ctx.Err()
	}
	if err != nil {
		return "", failure(arguments[0], err, strings.Join(tail, "\n"))
	}
	return out.String(), nil
}

func cannotStart(err error) error {
	if errors.Is(err, exec.ErrNotFound) {
		return fmt.Errorf("%w: install Go (https://go.dev/dl) and put it on PATH", err)
	}
	return err
}

// advice has the remedies for failures that are not the code's fault, by the Go command's message.
var advice = []struct{ said, do string }{
	{"dial tcp", "the module proxy cannot be reached: check the network and `go env GOPROXY`"},
	{"i/o timeout", "the module proxy cannot be reached: check the network and `go env GOPROXY`"},
	{"module lookup disabled", "modules may not be downloaded: check `go env GOPROXY GOFLAGS`"},
	{"no space left on device", "the disk is full: free some space, for example with `go clean -cache`"},
	{"signal: killed", "the compiler was killed, probably for lack of memory: free some, or set GOFLAGS=-p=1"},
	{"checksum mismatch", "a module is not what go.sum says: check `go env GOPROXY` and the go.sum that is named above"},
}

func failure(verb string, err error, tail string) error {
	problem := fmt.Errorf("go %s: %w\n%s", verb, err, tail)
	for _, a := range advice {
		if strings.Contains(tail, a.said) {
			return fmt.Errorf("%w\n%s", problem, a.do)
		}
	}
	return problem
}
