package components

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"golang.org/x/mod/modfile"
)

// stamp returns a digest of all inputs of a pinned component.
func (b *builder) stamp(c Component) (string, error) {
	digest := sha256.New()
	version, err := b.version(c)
	if err != nil {
		return "", err
	}
	// The components are compiled with the same Go version as this program: asking the Go command would take longer.
	settings := []any{c, version, runtime.Version(), runtime.GOOS, runtime.GOARCH}
	if err := json.NewEncoder(digest).Encode(settings); err != nil {
		return "", err
	}
	sources, err := b.sources(c)
	if err != nil {
		return "", err
	}
	for _, path := range sources {
		data, err := os.ReadFile(path)
		if err != nil {
			return "", err
		}
		fmt.Fprintln(digest, filepath.Base(path), len(data))
		digest.Write(data)
	}
	return hex.EncodeToString(digest.Sum(nil)), nil
}

// sources returns the files of this repository that a pinned component is built from.
func (b *builder) sources(c Component) ([]string, error) {
	module := b.folder(c.Module)
	files := []string{filepath.Join(module, "go.mod"), filepath.Join(module, "go.sum")}
	if strings.HasPrefix(c.Package, "./") && c.Source.Module == "" {
		own, err := filepath.Glob(filepath.Join(module, c.Package, "*.go"))
		if err == nil { // the pattern is well formed: Glob has no other error
			files = append(files, own...)
		}
	}
	for _, of := range []Source{c.Source, c.Changed} {
		over, err := b.over(c, of)
		if err != nil {
			return nil, err
		}
		files = append(files, slices.Sorted(maps.Values(over))...)
	}
	return files, nil
}

func (b *builder) stampPath(c Component) string { return b.layout.Binary(c.Name + ".stamp") }

// fresh reports whether the component exists and was built from its current inputs.
func (b *builder) fresh(c Component, stamp string) (bool, error) {
	if !c.pinned() {
		return false, nil
	}
	made := b.assets(c)
	if c.Package != "" {
		made = append(made, b.layout.Binary(c.Name))
	}
	for _, path := range made {
		if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
			return false, nil
		} else if err != nil {
			return false, err
		}
	}
	old, err := os.ReadFile(b.stampPath(c))
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	vouched, _, _ := strings.Cut(string(old), "\n")
	return vouched == stamp, err
}

// version returns the version of the requirement that the component takes its version from, or "" if it has none. Since
// Go 1.17 a go.mod file lists every module of the build at the selected version, so nothing has to be resolved.
func (b *builder) version(c Component) (string, error) {
	if c.Version == (Requirement{}) {
		return "", nil
	}
	path := filepath.Join(b.layout.Project, c.Version.Folder, "go.mod")
	data, err := os.ReadFile(path)
	if err != nil {
		return "", err
	}
	parsed, err := modfile.ParseLax(path, data, nil)
	if err != nil {
		return "", err
	}
	for _, required := range parsed.Require {
		if required.Mod.Path == c.Version.Module {
			return required.Mod.Version, nil
		}
	}
	return "", fmt.Errorf("%s requires no %s, which %s takes its version from", path, c.Version.Module, c.Name)
}
