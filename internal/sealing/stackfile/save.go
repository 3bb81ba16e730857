package stackfile

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// Save atomically replaces the old file with the changed one: a reader sees one or the other, even after an
// interruption.
func (f *File) Save() error {
	now, err := os.ReadFile(f.path)
	if err != nil {
		return fmt.Errorf("writing %s: %w", f.name, err)
	}
	if !bytes.Equal(now, f.found) {
		return fmt.Errorf("writing %s: somebody else has changed it meanwhile; run this again", f.name)
	}
	if err := replace(f.path, f.content); err != nil {
		return fmt.Errorf("writing %s: %w", f.name, err)
	}
	f.found = f.content
	return nil
}

func replace(path string, content []byte) error {
	before, err := os.Stat(path)
	if err != nil {
		return err
	}
	file, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return err
	}
	defer os.Remove(file.Name()) //nolint:errcheck // once renamed it is not there
	if err := errors.Join(write(file, content, before.Mode().Perm()), file.Close()); err != nil {
		return err
	}
	return os.Rename(file.Name(), path)
}

// write ensures that the content is on the disk before the file replaces the other one.
func write(file *os.File, content []byte, mode os.FileMode) error {
	if err := file.Chmod(mode); err != nil {
		return err
	}
	if _, err := file.Write(content); err != nil {
		return err
	}
	return file.Sync()
}
