package build

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

// ensureOwn builds the repository's own programs where their sources changed. The Go command would see for itself that
// they have not, but it takes as long for that as kubectl does for a whole stack, and touches what it leaves alone.
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
	if err := b.buildOwn(ctx); err != nil {
		return err
	}
	// A source that was changed meanwhile is another one than it was when the build began: the next one sees it.
	return privatefile.Write(path, []byte(sources+b.places(own)))
}

// ownSources is a digest of what the programs are built from. Files are told by size and time, as make tells them.
func (b *builder) ownSources(own []Component) (string, error) {
	digest := sha256.New()
	fmt.Fprintln(digest, runtime.Version(), namesOf(own))
	for _, name := range []string{"GOFLAGS", "CGO_ENABLED", "GOEXPERIMENT", "GOAMD64", "GOARM64"} {
		fmt.Fprintln(digest, name, os.Getenv(name))
	}
	err := addSources(digest, b.folder(rootModule))
	return hex.EncodeToString(digest.Sum(nil)), err
}

// places tells how the built programs lie there: one that is missing, or another one, is built again.
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

// addSources adds every file that the Go command could build from or embed: it passes over hidden ones, too.
func addSources(digest hash.Hash, root string) error {
	return filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := entry.Name()
		unused := strings.HasPrefix(name, ".") || slices.Contains(notBuiltFrom, name)
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

// notBuiltFrom are folders that no program is built from.
var notBuiltFrom = []string{"testdata", "docs"}

func addFile(digest hash.Hash, path string, file fs.FileInfo) {
	fmt.Fprintln(digest, path, file.Size(), file.ModTime().UnixNano())
}
