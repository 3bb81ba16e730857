package render

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"sigs.k8s.io/yaml"
)

// markerFile says which files of a folder were rendered. It is no manifest by its name, so that kubectl passes it over.
const markerFile = ".dreamseed-render"

// marker has the stack of a rendered folder, and the SHA-256 digest of each file by its path.
type marker struct {
	Stack string            `json:"stack"`
	Files map[string]string `json:"files"`
}

func (r *Rendering) marker() marker {
	m := marker{Stack: r.Stack, Files: map[string]string{}}
	for path, content := range r.Files {
		m.Files[path] = digest([]byte(content))
	}
	return m
}

func digest(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:])
}

// CheckFolder returns an InputError for a folder that a rendering of the stack must not replace, with every reason:
// it is of another stack, or has files that nobody rendered or that were changed since. A folder that is missing or
// empty may be replaced.
func CheckFolder(folder, stack string) error {
	about, err := os.Lstat(folder)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return fmt.Errorf("looking at the folder: %w", err)
	case !about.IsDir():
		return &InputError{fmt.Errorf("%s is there already, and is no folder", folder)}
	}
	was, err := readMarker(folder)
	if err != nil {
		return err
	}
	foreign, err := foreignFiles(folder, was)
	if err != nil {
		return fmt.Errorf("looking at the folder: %w", err)
	}
	var mistakes []error
	if was.Stack != "" && was.Stack != stack {
		mistakes = append(mistakes, fmt.Errorf("%s has the manifests of stack %s: give another folder", folder, was.Stack))
	}
	for _, path := range foreign {
		mistakes = append(mistakes, fmt.Errorf("%s would be lost: it was not rendered, or was changed since",
			filepath.Join(folder, path)))
	}
	if len(mistakes) > 0 {
		return &InputError{errors.Join(mistakes...)}
	}
	return nil
}

// readMarker returns the marker of a folder. Without one, none of its files was rendered.
func readMarker(folder string) (marker, error) {
	var m marker
	content, err := os.ReadFile(filepath.Join(folder, markerFile))
	if errors.Is(err, fs.ErrNotExist) {
		return m, nil
	}
	if err != nil {
		return m, fmt.Errorf("reading what was rendered: %w", err)
	}
	if err := yaml.UnmarshalStrict(content, &m); err != nil {
		return m, &InputError{fmt.Errorf("reading %s: %w", filepath.Join(folder, markerFile), err)}
	}
	return m, nil
}

// foreignFiles returns the paths in a folder that are not as they were rendered, sorted.
func foreignFiles(folder string, was marker) ([]string, error) {
	var foreign []string
	err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || path == folder {
			return err
		}
		inside, err := filepath.Rel(folder, path)
		if err != nil || inside == markerFile || entry.IsDir() && slices.Contains(folders, inside) {
			return err
		}
		same, err := isAsRendered(path, entry, was.Files[filepath.ToSlash(inside)])
		if err == nil && !same {
			foreign = append(foreign, inside)
			if entry.IsDir() {
				return fs.SkipDir
			}
		}
		return err
	})
	return foreign, err
}

func isAsRendered(path string, entry fs.DirEntry, want string) (bool, error) {
	if !entry.Type().IsRegular() || want == "" {
		return false, nil
	}
	content, err := os.ReadFile(path)
	return digest(content) == want, err
}
