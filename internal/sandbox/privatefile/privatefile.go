// Package privatefile writes files that only their owner can read, atomically.
package privatefile

import (
	"fmt"
	"os"
	"path/filepath"
)

// Write writes data to the file at path, readable by its owner only, and creates missing folders. A reader sees the old
// content or the new, never a part of it, even if the write is interrupted.
func Write(path string, data []byte) error {
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("writing %s: %w", path, err)
	}
	file, err := os.CreateTemp(dir, "."+filepath.Base(path)+".*") // CreateTemp makes files with mode 0600
	if err != nil {
		return fmt.Errorf("writing %s: %w", path, err)
	}
	if err := fill(file, data, path); err != nil {
		_ = os.Remove(file.Name()) // the first error matters
		return fmt.Errorf("writing %s: %w", path, err)
	}
	return nil
}

func fill(file *os.File, data []byte, path string) error {
	if _, err := file.Write(data); err != nil {
		_ = file.Close() // the first error matters
		return err
	}
	if err := file.Close(); err != nil {
		return err
	}
	return os.Rename(file.Name(), path)
}
