package components

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"github.com/dreamseed/platform/internal/sandbox/privatefile"
)

// ensureOwn builds the repository's own programs if their sources changed. The Go command would detect that nothing
// changed, but takes as long for that as kubectl takes for a whole stack, and touches its output all the same.
func (b *builder) ensureOwn(ctx context.Context) error {
	own := slices.DeleteFunc(slices.Clone(b.components), Component.pinned)
	sources, err := b.ownSources(own)
	if err != nil {
		return fmt.Errorf("looking at the sources of the platform's own programs: %w", err)
	}
	path := filepath.Join(b.layout.Bin, fmt.Sprintf("own-%.12s.stamp", digestOf(namesOf(own))))
	if stamped, err := os.ReadFile(path); err == nil && string(stamped) == sources+b.places(own) {
		return nil
	}
	if err := b.buildOwn(ctx, own); err != nil {
		return err
	}
	// The digest is from before the build: if a source was changed during it, the next build notices.
	return privatefile.Write(path, []byte(sources+b.places(own)))
}

// ownSources returns a digest of the programs' sources. Like make, it compares files by size and time.
func (b *builder) ownSources(own []Component) (string, error) {
	digest := sha256.New()
	fmt.Fprintln(digest, runtime.Version(), namesOf(own))
	for _, name := range []string{"GOFLAGS", "CGO_ENABLED", "GOEXPERIMENT", "GOAMD64", "GOARM64"} {
		fmt.Fprintln(digest, name, os.Getenv(name))
	}
	err := addSources(digest, b.folder(rootModule))
	return hex.EncodeToString(digest.Sum(nil)), err
}

// places returns a digest of the installed programs: a missing or different program is built again.
func (b *builder) places(own []Component) string {
	digest := sha256.New()
	for _, c := range own {
		if program, err := os.Stat(b.layout.Binary(c.Name)); err == nil {
			addFile(digest, c.Name, program)
		}
	}
	return hex.EncodeToString(digest.Sum(nil))
}

func namesOf(components []Component) string {
	var names []string
	for _, c := range components {
		names = append(names, c.Name+"="+c.Package)
	}
	return strings.Join(names, " ")
}

func digestOf(text string) string {
	digest := sha256.Sum256([]byte(text))
	return hex.EncodeToString(digest[:])
}

// addSources adds every file that the Go command could build from or embed. Like the Go command, it skips hidden ones.
func addSources(digest hash.Hash, root string) error {
	return filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := entry.Name()
		unused := strings.HasPrefix(name, ".") || slices.Contains(notBuiltFrom, name) || isStackFile(name)
		switch {
		case entry.IsDir() && unused && path != root:
			return filepath.SkipDir
		case entry.IsDir() || unused || strings.HasSuffix(name, "_test.go"):
			return nil
		}
		file, err := entry.Info()
		if err == nil {
			addFile(digest, path, file)
		}
		return err
	})
}

// notBuiltFrom lists folders that no program is built from.
var notBuiltFrom = []string{"testdata", "docs"}

// isStackFile reports whether a file has the configuration of a stack, which a program reads when it runs.
func isStackFile(name string) bool {
	return strings.HasPrefix(name, "Pulumi.") && strings.HasSuffix(name, ".yaml")
}

func addFile(digest hash.Hash, path string, file fs.FileInfo) {
	fmt.Fprintln(digest, path, file.Size(), file.ModTime().UnixNano())
}
