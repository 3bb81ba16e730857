package components

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// ownFolder keeps the Go command's last build of this repository's programs: from its own output it sees that nothing
// has changed, and does not even link.
const ownFolder = ".own"

const ownPrograms = "the platform's own programs"

// buildOwn builds the programs of this repository in one go, and installs those that changed.
func (b *builder) buildOwn(ctx context.Context, own []Component) error {
	if err := checkFiles(own); err != nil || len(own) == 0 {
		return err
	}
	folder := filepath.Join(b.layout.Bin, ownFolder)
	arguments := []string{"build", "-v", "-o", folder + string(filepath.Separator), "-ldflags", "-s -w"}
	for _, c := range own {
		arguments = append(arguments, c.Package)
	}
	last := len(b.components)
	began := time.Now()
	progress := newProgress(b.out, ownPrograms, fmt.Sprintf("%d-%d/%d", last-len(own)+1, last, last))
	defer progress.stop()
	if _, err := b.run(ctx, b.folder(rootModule), progress, arguments...); err != nil {
		// An interrupted link may have left a partial program, which the Go command would take for complete.
		return errors.Join(fmt.Errorf("building %s: %w", ownPrograms, err), os.RemoveAll(folder))
	}
	for _, c := range own {
		if err := b.publish(filepath.Join(folder, filepath.Base(c.Package)), b.layout.Binary(c.Name)); err != nil {
			return fmt.Errorf("building %s: %w", c.Name, err)
		}
	}
	progress.done()
	return b.noteOwn(began)
}

// ErrSameFile means that the Go command would build two programs into one file, without a word.
var ErrSameFile = errors.New("two programs have packages of the same name")

// checkFiles refuses programs of which the Go command would build two into one file.
func checkFiles(own []Component) error {
	built := map[string]string{}
	for _, c := range own {
		name := filepath.Base(c.Package)
		if other, taken := built[name]; taken {
			return fmt.Errorf("building %s and %s: %w", other, c.Package, ErrSameFile)
		}
		built[name] = c.Package
	}
	return nil
}

// publish copies a built program to its place if it differs from the program there: a component whose program was
// replaced is started anew.
func (b *builder) publish(built, place string) error {
	different, err := differ(built, place)
	if err != nil || !different {
		return err
	}
	copied := filepath.Join(b.work, filepath.Base(place))
	if err := copyProgram(built, copied); err != nil {
		return err
	}
	return os.Rename(copied, place)
}

// differ reports whether two programs are not the same. The Go command touches its output, so another time alone says
// nothing.
func differ(one, other string) (bool, error) {
	first, err := os.ReadFile(one)
	if err != nil {
		return false, err
	}
	second, err := os.ReadFile(other)
	if errors.Is(err, fs.ErrNotExist) {
		return true, nil
	}
	return !bytes.Equal(first, second), err
}

func copyProgram(from, to string) error {
	source, err := os.Open(from)
	if err != nil {
		return err
	}
	defer func() { _ = source.Close() }()                                    // opened for reading only
	target, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o700) //nolint:gosec // a program
	if err != nil {
		return err
	}
	_, err = io.Copy(target, source)
	return errors.Join(err, target.Close())
}
