package components

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/mod/modfile"

	"github.com/dreamseed/platform/internal/sandbox/privatefile"
)

// source copies the source tree of the component's module and applies the component's additions and edits: the module
// cache can neither be written nor overlaid. The flags keep the path of the copy, which differs each time, out of the
// compiled packages, so that the next build finds them again, and leave out the VCS stamp of the surrounding
// repository.
func (b *builder) source(ctx context.Context, c Component) (folder string, flags []string, err error) {
	folder, err = b.copied(ctx, c, c.Source)
	return folder, append([]string{"-trimpath", "-buildvcs=false"}, c.tagFlags()...), err
}

// changed returns the flag that replaces a required module with an edited copy. The other modules, and so the packages
// that are already compiled, stay those of the component's module.
func (b *builder) changed(ctx context.Context, c Component) ([]string, error) {
	if c.Changed.Module == "" {
		return nil, nil
	}
	folder, err := b.copied(ctx, c, c.Changed)
	if err != nil {
		return nil, err
	}
	listed := filepath.Join(b.folder(c.Module), "go.mod")
	content, err := os.ReadFile(listed)
	if err != nil {
		return nil, err
	}
	parsed, err := modfile.Parse(listed, content, nil)
	if err != nil {
		return nil, err
	}
	if err := parsed.AddReplace(c.Changed.Module, "", folder, ""); err != nil {
		return nil, fmt.Errorf("replacing %s: %w", c.Changed.Module, err)
	}
	replaced := filepath.Join(b.work, c.Name+".mod")
	if err := privatefile.Write(replaced, modfile.Format(parsed.Syntax)); err != nil {
		return nil, err
	}
	sums, err := os.ReadFile(filepath.Join(b.folder(c.Module), "go.sum"))
	if err != nil {
		return nil, err
	}
	// The Go command reads the go.sum file next to the given go.mod file.
	return []string{"-modfile=" + replaced}, privatefile.Write(filepath.Join(b.work, c.Name+".sum"), sums)
}

// copied copies a source tree, applies the component's additions and edits, and returns the folder of the copy.
func (b *builder) copied(ctx context.Context, c Component, of Source) (string, error) {
	original, err := b.moduleFolder(ctx, c.Module, of.Module)
	if err != nil {
		return "", err
	}
	folder := filepath.Join(b.work, c.Name+"-source")
	if err := os.CopyFS(folder, os.DirFS(original)); err != nil {
		return "", fmt.Errorf("copying the source of %s: %w", of.Module, err)
	}
	if err := b.layOver(c, of, folder); err != nil {
		return "", fmt.Errorf("laying %s over the source of %s: %w", of.Over, of.Module, err)
	}
	if err := leaveOut(folder, of.Only); err != nil {
		return "", fmt.Errorf("leaving files of %s out: %w", of.Module, err)
	}
	for path, content := range of.Added {
		if err := privatefile.Write(filepath.Join(folder, path), []byte(content)); err != nil {
			return "", fmt.Errorf("adding %s to the source of %s: %w", path, of.Module, err)
		}
	}
	for _, cut := range of.Cuts {
		if err := cut.apply(folder); err != nil {
			return "", fmt.Errorf("cutting %s in the source of %s: %w", cut.Path, of.Module, err)
		}
	}
	for _, edit := range of.Edits {
		if err := edit.apply(folder); err != nil {
			return "", fmt.Errorf("changing %s in the source of %s: %w", edit.Path, of.Module, err)
		}
	}
	return folder, nil
}

// layOver copies the component's own files over the copy of the tree.
func (b *builder) layOver(c Component, of Source, folder string) error {
	files, err := b.over(c, of)
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

// over returns the files of this repository that are copied over the source, by their path in it.
func (b *builder) over(c Component, of Source) (map[string]string, error) {
	files := map[string]string{}
	if of.Over == "" {
		return files, nil
	}
	root := filepath.Join(b.folder(c.Module), of.Over)
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

// leaveOut removes the Go files that do not stay, and fails where one that stays is not there.
func leaveOut(source string, only map[string][]string) error {
	for folder, stay := range only {
		for _, name := range stay {
			if _, err := os.Stat(filepath.Join(source, folder, name)); err != nil {
				return err
			}
		}
		files, err := filepath.Glob(filepath.Join(source, folder, "*.go"))
		if err != nil {
			return err
		}
		for _, file := range files {
			if slices.Contains(stay, filepath.Base(file)) {
				continue
			}
			if err := os.Remove(file); err != nil {
				return err
			}
		}
	}
	return nil
}

func (e Edit) apply(folder string) error {
	return rewrite(filepath.Join(folder, e.Path), e.Old, func(before, after string) (string, error) {
		return before + e.New + after, nil
	})
}

func (c Cut) apply(folder string) error {
	return rewrite(filepath.Join(folder, c.Path), c.From, func(before, after string) (string, error) {
		at := strings.Index(after, c.Until)
		if at < 0 {
			return "", fmt.Errorf("%q does not follow %q: the pinned module has changed it", c.Until, c.From)
		}
		return before + c.New + after[at:], nil
	})
}

// rewrite replaces a file's content by what becomes of the parts before and after a text that occurs exactly once.
func rewrite(path, text string, replace func(before, after string) (string, error)) error {
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	if found := strings.Count(string(data), text); found != 1 {
		return fmt.Errorf("%q stands there %d times, not once: the pinned module has changed it", text, found)
	}
	before, after, _ := strings.Cut(string(data), text)
	written, err := replace(before, after)
	if err != nil {
		return err
	}
	return os.WriteFile(path, []byte(written), 0o600)
}
