package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"
	"golang.org/x/term"
)

// maxValue is more than a Kubernetes Secret may hold.
const maxValue = 1 << 20

// readValue reads a secret's value: one hidden line from a terminal, or everything from any other input, without one
// trailing newline.
func readValue(cmd *cobra.Command, about string) ([]byte, error) {
	value, err := readFrom(cmd, about)
	switch {
	case err != nil:
		return nil, fmt.Errorf("reading the value: %w", err)
	case len(value) == 0:
		return nil, &usageError{errors.New("the value on stdin is empty: a secret must have one")}
	case len(value) > maxValue:
		return nil, &usageError{fmt.Errorf("the value on stdin is longer than %d bytes, which no Secret may hold", maxValue)}
	default:
		return value, nil
	}
}

func readFrom(cmd *cobra.Command, about string) ([]byte, error) {
	stdin := cmd.InOrStdin()
	if file, ok := stdin.(*os.File); ok && term.IsTerminal(int(file.Fd())) {
		return readTerminal(cmd, int(file.Fd()), about)
	}
	return interruptible(cmd.Context(), func() ([]byte, error) { return readAll(stdin) })
}

func readTerminal(cmd *cobra.Command, terminal int, about string) ([]byte, error) {
	before, err := term.GetState(terminal)
	if err != nil {
		return nil, err
	}
	// An interrupt leaves the reader behind, and with it a terminal without echo.
	defer term.Restore(terminal, before) //nolint:errcheck // there is nothing more to do
	cmd.PrintErrf("The value of %s (not shown): ", about)
	defer cmd.PrintErrln()
	return interruptible(cmd.Context(), func() ([]byte, error) { return term.ReadPassword(terminal) })
}

func readAll(from io.Reader) ([]byte, error) {
	value, err := io.ReadAll(io.LimitReader(from, maxValue+2)) // one more than allowed, and the newline
	return bytes.TrimSuffix(value, []byte("\n")), err
}

// interruptible waits for a reader until an interrupt, which does not end a read from a terminal or a pipe.
func interruptible(ctx context.Context, read func() ([]byte, error)) ([]byte, error) {
	type answer struct {
		value []byte
		err   error
	}
	answered := make(chan answer, 1)
	go func() {
		value, err := read()
		answered <- answer{value, err}
	}()
	select {
	case <-ctx.Done():
		return nil, ctx.Err()
	case got := <-answered:
		return got.value, got.err
	}
}
