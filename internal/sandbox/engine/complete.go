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

// A note records that an Up completed, and its inputs: the programs, the project, the configuration, and the state that
// it left. A preview alone cannot prove that there is nothing to do: it drops the errors of custom resources, and does
// not show a changed protection or a changed dependency, which only the state holds. If the note still matches, none of
// these have changed.

// note returns the path of the fingerprint of the last complete Up.
func (e *Engine) note() string { return filepath.Join(e.stack.State(), "complete") }

// isComplete reports whether the last Up completed and an Up now would have the same inputs.
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

// fingerprint returns a digest of all inputs of an Up.
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

// head is the length of the part of a program that identifies it: the Go linker stores the digest of the whole content
// there. The modification time does not identify it: a build with nothing to do still touches its output.
const head = 64 << 10

func (e *Engine) addPrograms(digest hash.Hash) error {
	entries, err := os.ReadDir(e.layout.Bin)
	if err != nil {
		return err
	}
	for _, entry := range entries {
		// Files with an extension are the builds' own records, not programs.
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
	defer func() { _ = program.Close() }() // opened for reading only
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
