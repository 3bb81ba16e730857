// Package privatefile writes files that only their owner may read, whole or not at all.
package privatefile

import (
	"fmt"
	"os"
	"path/filepath"
)

// Write puts data into the file at path, readable by its owner only, and makes the folders that are missing. A reader,
// and a writer that is interrupted, see the old content or the new, never a part of it.
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
		_ = os.Remove(file.Name()) // the first error says what is wrong
		return fmt.Errorf("writing %s: %w", path, err)
	}
	return nil
}

func fill(file *os.File, data []byte, path string) error {
	if _, err := file.Write(data); err != nil {
		_ = file.Close() // the first error says what is wrong
		return err
	}
	if err := file.Close(); err != nil {
		return err
	}
	return os.Rename(file.Name(), path)
}
