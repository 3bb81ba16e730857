package engine

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/pulumi/pulumi/sdk/v3/go/common/workspace"

	"github.com/dreamseed/platform/internal/sandbox/privatefile"
)

// A note says that an Up came to its end, and from what: the programs, the project, the configuration, and the state
// that it left. A preview alone cannot say that nothing is to be done: it forgets the errors of custom resources, and
// shows neither a changed protection nor a changed dependency, which are in the state alone. With the note they cannot
// have changed.

// note is where the fingerprint of the last complete Up is kept.
func (e *Engine) note() string { return filepath.Join(e.stack.State(), "complete") }

// isComplete reports whether the last Up came to its end, and an Up now would be made from the same.
func (e *Engine) isComplete() (bool, error) {
	noted, err := os.ReadFile(e.note())
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("reading the note of the last complete run: %w", err)
	}
	now, err := e.fingerprint()
	return string(noted) == now, err
}

func (e *Engine) markComplete() error {
	now, err := e.fingerprint()
	if err != nil {
		return err
	}
	if err := privatefile.Write(e.note(), []byte(now)); err != nil {
		return fmt.Errorf("noting that the run is complete: %w", err)
	}
	return nil
}

// fingerprint is another one where anything differs that an Up is made from.
func (e *Engine) fingerprint() (string, error) {
	digest := sha256.New()
	if err := e.addPrograms(digest); err != nil {
		return "", fmt.Errorf("looking at the sandbox's programs: %w", err)
	}
	states := filepath.Join(e.stack.State(), workspace.BookkeepingDir, workspace.StackDir, "*", e.stack.Name+".json")
	for _, pattern := range []string{filepath.Join(e.stack.Project(), "*.yaml"), states} {
		if err := addFiles(digest, pattern); err != nil {
			return "", fmt.Errorf("looking at what stack %s is made from: %w", e.stack.Name, err)
		}
	}
	return hex.EncodeToString(digest.Sum(nil)), nil
}

// head is how much of a program tells it from others: the Go linker puts the digest of all its content there. The time
// does not tell: a build that finds nothing to do touches what it leaves.
const head = 64 << 10

func (e *Engine) addPrograms(digest hash.Hash) error {
	entries, err := os.ReadDir(e.layout.Bin)
	if err != nil {
		return err
	}
	for _, entry := range entries {
		// What the builds note about themselves is no program.
		if entry.Type().IsRegular() && filepath.Ext(entry.Name()) == "" {
			if err := addHead(digest, e.layout.Binary(entry.Name())); err != nil {
				return err
			}
		}
	}
	return nil
}

func addHead(digest hash.Hash, path string) error {
	program, err := os.Open(path)
	if err != nil {
		return err
	}
	defer func() { _ = program.Close() }() // it was only read
	info, err := program.Stat()
	if err != nil {
		return err
	}
	fmt.Fprintln(digest, filepath.Base(path), info.Size())
	_, err = io.CopyN(digest, program, head)
	if errors.Is(err, io.EOF) {
		return nil
	}
	return err
}

func addFiles(digest hash.Hash, pattern string) error {
	paths, err := filepath.Glob(pattern)
	if err != nil {
		return err
	}
	for _, path := range paths {
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		fmt.Fprintln(digest, path, len(content))
		digest.Write(content)
	}
	return nil
}
