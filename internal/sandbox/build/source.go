package build

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/dreamseed/platform/internal/sandbox/privatefile"
)

// source copies the source tree of the component's module, with what the component adds to it and changes in it. The
// module cache can neither be written to nor overlaid. Without the path of the copy, which is another one each time,
// the compiled packages are found again by the next build; the repository around it is not the one that is built.
func (b *builder) source(ctx context.Context, c Component) (folder string, flags []string, err error) {
	original, err := b.moduleFolder(ctx, c.Module, c.Source.Module)
	if err != nil {
		return "", nil, err
	}
	folder = filepath.Join(b.work, c.Name+"-source")
	if err := os.CopyFS(folder, os.DirFS(original)); err != nil {
		return "", nil, fmt.Errorf("copying the source of %s: %w", c.Source.Module, err)
	}
	if err := b.layOver(c, folder); err != nil {
		return "", nil, fmt.Errorf("laying %s over the source of %s: %w", c.Source.Over, c.Source.Module, err)
	}
	for path, content := range c.Source.Added {
		if err := privatefile.Write(filepath.Join(folder, path), []byte(content)); err != nil {
			return "", nil, fmt.Errorf("adding %s to the source of %s: %w", path, c.Source.Module, err)
		}
	}
	for _, edit := range c.Source.Edits {
		if err := edit.apply(folder); err != nil {
			return "", nil, fmt.Errorf("changing %s in the source of %s: %w", edit.Path, c.Source.Module, err)
		}
	}
	return folder, []string{"-trimpath", "-buildvcs=false"}, nil
}

// layOver puts the component's own files into the copy of the tree.
func (b *builder) layOver(c Component, folder string) error {
	files, err := b.over(c)
	if err != nil {
		return err
	}
	for path, original := range files {
		data, err := os.ReadFile(original)
		if err != nil {
			return err
		}
		if err := privatefile.Write(filepath.Join(folder, path), data); err != nil {
			return err
		}
	}
	return nil
}

// over are the files of this repository that are laid over the source, by their path in it.
func (b *builder) over(c Component) (map[string]string, error) {
	files := map[string]string{}
	if c.Source.Over == "" {
		return files, nil
	}
	root := filepath.Join(b.folder(c.Module), c.Source.Over)
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		inside, err := filepath.Rel(root, path)
		files[inside] = path
		return err
	})
	return files, err
}

func (e Edit) apply(folder string) error {
	path := filepath.Join(folder, e.Path)
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	if found := strings.Count(string(data), e.Old); found != 1 {
		return fmt.Errorf("%q stands there %d times, not once: the pinned module has changed it", e.Old, found)
	}
	return os.WriteFile(path, []byte(strings.Replace(string(data), e.Old, e.New, 1)), 0o600)
}
