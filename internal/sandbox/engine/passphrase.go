package engine

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
)

// ensurePassphrase generates the passphrase that encrypts the stack's secrets, once: losing it loses them.
func ensurePassphrase(path string) error {
	content, err := os.ReadFile(path)
	switch {
	case err == nil && len(content) > 0:
		return nil
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("reading the passphrase: %w", err)
	}
	if err := writeFile(path, []byte(rand.Text())); err != nil {
		return fmt.Errorf("generating the passphrase: %w", err)
	}
	return nil
}

// writeFile replaces a private file as a whole: a reader, or a run after a crash, sees the old content or the new.
func writeFile(path string, content []byte) error {
	next := path + ".new"
	if err := os.WriteFile(next, content, 0o600); err != nil {
		return err
	}
	return os.Rename(next, path)
}
