// Package atomicfile replaces files that people keep in Git.
package atomicfile

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// newMode is the mode of a file that did not exist: Git keeps none that is stricter.
const newMode = 0o644

// Write replaces the content of a file, or creates the file. A reader sees the old content or the new one, even after
// an interruption. An existing file keeps its permissions.
func Write(path string, content []byte) error {
	mode, err := modeOf(path)
	if err != nil {
		return err
	}
	file, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return err
	}
	defer os.Remove(file.Name()) //nolint:errcheck // once renamed it is not there
	if err := errors.Join(fill(file, content, mode), file.Close()); err != nil {
		return err
	}
	return os.Rename(file.Name(), path)
}

func modeOf(path string) (os.FileMode, error) {
	before, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return newMode, nil
	}
	if err != nil {
		return 0, err
	}
	return before.Mode().Perm(), nil
}

// fill ensures that the content is on the disk before the file replaces the other one.
func fill(file *os.File, content []byte, mode os.FileMode) error {
	if err := file.Chmod(mode); err != nil {
		return err
	}
	if _, err := file.Write(content); err != nil {
		return err
	}
	return file.Sync()
}
