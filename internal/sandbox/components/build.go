package components

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/gofrs/flock"

	"github.com/dreamseed/platform/internal/sandbox/layout"
	"github.com/dreamseed/platform/internal/sandbox/privatefile"
)

// Build builds the components that are missing or whose pins changed, and shows its progress on out: with a bar if out
// is a terminal, else line by line. If everything is up to date it prints nothing. A cancelled ctx stops the compiler
// and leaves the existing programs in place. Concurrent builds wait for each other.
//
// A compiler error includes the end of the compiler's output.
func Build(ctx context.Context, l layout.Layout, components []Component, out io.Writer) error {
	b := &builder{layout: l, goCommand: "go", components: components, out: out}
	if err := b.locked(ctx, b.build); err != nil {
		return fmt.Errorf("building the sandbox's programs: %w", err)
	}
	return nil
}

// builder is one call of Build.
type builder struct {
	layout     layout.Layout
	goCommand  string
	components []Component
	out        io.Writer
	work       string // the folder for this build's temporary files
}

const (
	lockFile   = ".lock"
	workPrefix = ".build-"
	lockPoll   = 200 * time.Millisecond
)

// locked runs work while no other process builds into the same folder.
func (b *builder) locked(ctx context.Context, work func(context.Context) error) (err error) {
	if err := os.MkdirAll(b.layout.Bin, 0o700); err != nil {
		return err
	}
	lock := flock.New(filepath.Join(b.layout.Bin, lockFile), flock.SetPermissions(0o600))
	held, err := lock.TryLock()
	if err != nil {
		return err
	}
	if !held {
		fmt.Fprintln(b.out, "waiting for another build of the sandbox's programs to finish")
		if _, err := lock.TryLockContext(ctx, lockPoll); err != nil {
			return fmt.Errorf("waiting for another build: %w", err)
		}
	}
	defer func() { err = errors.Join(err, lock.Unlock()) }()
	return work(ctx)
}

// build builds the components that are not fresh. The temporary files are in the same folder as the programs, so that a
// program is put in place by a rename: completely or not at all.
func (b *builder) build(ctx context.Context) (err error) {
	if err := b.removeLeftovers(); err != nil {
		return err
	}
	if b.work, err = os.MkdirTemp(b.layout.Bin, workPrefix); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(b.work)) }()
	for i, c := range b.components {
		if !c.pinned() {
			continue
		}
		if err := b.ensure(ctx, c, fmt.Sprintf("%d/%d", i+1, len(b.components))); err != nil {
			return fmt.Errorf("building %s: %w", c.Name, err)
		}
	}
	return b.ensureOwn(ctx)
}

// removeLeftovers removes the temporary files of killed builds. The lock ensures that no other build is running.
func (b *builder) removeLeftovers() error {
	left, err := filepath.Glob(filepath.Join(b.layout.Bin, workPrefix+"*"))
	if err != nil {
		return err
	}
	for _, dir := range left {
		if err := os.RemoveAll(dir); err != nil {
			return err
		}
	}
	return nil
}

// ensure builds a pinned component unless it is fresh. The stamp is written last: it vouches for everything else.
func (b *builder) ensure(ctx context.Context, c Component, position string) error {
	stamp, err := b.stamp(c)
	if err != nil {
		return err
	}
	if fresh, err := b.fresh(c, stamp); fresh || err != nil {
		return err
	}
	began := time.Now()
	if err := os.Remove(b.stampPath(c)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if c.Package != "" {
		if err := b.compile(ctx, c, position); err != nil {
			return err
		}
	}
	if err := b.copyAssets(ctx, c); err != nil {
		return err
	}
	return privatefile.Write(b.stampPath(c), []byte(stamp+"\n"+tookLine(began)))
}

func (b *builder) compile(ctx context.Context, c Component, position string) error {
	version, err := b.version(c)
	if err != nil {
		return err
	}
	linker, err := c.linkerFlags(version)
	if err != nil {
		return err
	}
	folder, flags, err := b.tree(ctx, c)
	if err != nil {
		return err
	}

	progress := newProgress(b.out, c.Name, position)
	defer progress.stop()
	progress.begin()
	list := append([]string{"list", "-deps", "-f", "{{if not .Standard}}{{.ImportPath}}{{end}}"}, flags...)
	packages, err := b.run(ctx, folder, progress, append(list, c.Package)...)
	if err != nil {
		return err
	}
	progress.expect(len(strings.Fields(packages)))

	target := filepath.Join(b.work, c.Name)
	compile := append([]string{"build", "-v", "-o", target, "-ldflags", linker}, flags...)
	if _, err := b.run(ctx, folder, progress, append(compile, c.Package)...); err != nil {
		return err
	}
	if err := os.Rename(target, b.layout.Binary(c.Name)); err != nil {
		return err
	}
	progress.done()
	return nil
}

// tree returns the folder that the component is compiled in, and the flags that this takes. There must be no other
// flags: with others, or with other versions of the same modules, the components could not share the packages that the
// Go command compiled for the previous one.
func (b *builder) tree(ctx context.Context, c Component) (folder string, flags []string, err error) {
	if c.Source.Module != "" {
		return b.source(ctx, c)
	}
	overlay, err := b.overlay(ctx, c)
	if err != nil {
		return "", nil, err
	}
	changed, err := b.changed(ctx, c)
	return b.folder(c.Module), append(overlay, changed...), err
}

// folder returns the folder of a module of this repository.
func (b *builder) folder(module string) string { return filepath.Join(b.layout.Project, module) }

// overlay returns the flag that overlays the component's folder with the files of another module, so that they need not
// be copied into the repository.
func (b *builder) overlay(ctx context.Context, c Component) ([]string, error) {
	if len(c.Overlay.Paths) == 0 {
		return nil, nil
	}
	folder, err := b.moduleFolder(ctx, c.Module, c.Overlay.Module)
	if err != nil {
		return nil, err
	}
	replace := map[string]string{}
	for _, path := range c.Overlay.Paths {
		over := filepath.Join(b.layout.Project, c.Module, c.Package, filepath.Base(path))
		replace[over] = filepath.Join(folder, path)
	}
	data, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		return nil, err
	}
	file := filepath.Join(b.work, c.Name+".overlay.json")
	return []string{"-overlay", file}, privatefile.Write(file, data)
}

// assets returns the paths that the component's assets are copied to.
func (b *builder) assets(c Component) []string {
	var paths []string
	for _, path := range c.Assets.Paths {
		paths = append(paths, filepath.Join(b.layout.Bin, c.Place, filepath.Base(path)))
	}
	return paths
}

func (b *builder) copyAssets(ctx context.Context, c Component) error {
	if len(c.Assets.Paths) == 0 {
		return nil
	}
	folder, err := b.moduleFolder(ctx, c.Module, c.Assets.Module)
	if err != nil {
		return err
	}
	for i, target := range b.assets(c) {
		data, err := os.ReadFile(filepath.Join(folder, c.Assets.Paths[i]))
		if err != nil {
			return err
		}
		if err := privatefile.Write(target, data); err != nil {
			return err
		}
	}
	return nil
}

// moduleFolder returns the folder in which the Go command keeps a module's source. It downloads the module if
// necessary.
func (b *builder) moduleFolder(ctx context.Context, from, module string) (string, error) {
	answer, err := b.run(ctx, b.folder(from), silent{}, "mod", "download", "-json", module)
	if err != nil {
		return "", err
	}
	var downloaded struct{ Dir string }
	if err := json.Unmarshal([]byte(answer), &downloaded); err != nil {
		return "", fmt.Errorf("finding the source of %s: %w", module, err)
	}
	return downloaded.Dir, nil
}
