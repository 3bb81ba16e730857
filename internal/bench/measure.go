package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/dreamseed/platform/cluster"
	"github.com/dreamseed/platform/internal/sandbox/controlplane"
	"github.com/dreamseed/platform/internal/sandbox/layout"
)

// bench holds the clone in which it measures.
type bench struct {
	clone   string
	bin     string
	figures figures
}

func newBench(ctx context.Context, clone string) (*bench, error) {
	here, err := os.Getwd()
	if err != nil {
		return nil, fmt.Errorf("finding the current folder: %w", err)
	}
	project, err := layout.FindProject(here)
	if err != nil {
		return nil, err
	}
	if printed, err := exec.CommandContext(ctx, "git", "clone", "--quiet", project, clone).CombinedOutput(); err != nil {
		return nil, fmt.Errorf("cloning: %w: %s", err, printed)
	}
	return &bench{clone: clone, bin: layout.Default(project).Bin}, nil
}

// parts returns the groups of figures that can be measured alone, with everything built and nothing running.
func (b *bench) parts() []part {
	return []part{
		{"control-plane", b.controlPlane},
		{"local", b.local},
		{"peers", b.peers},
		{"clouds", b.clouds},
		{"monitoring", b.monitoring},
		{"data", b.data},
		{"drift", b.drift},
		{"releases", b.releases},
		{"compiling", b.compiling},
	}
}

// part is a group of figures.
type part struct {
	name    string
	measure func(context.Context) error
}

// warm measures every part, or the named one.
func (b *bench) warm(ctx context.Context, only string) error {
	if err := b.useBuiltComponents(ctx); err != nil {
		return err
	}
	for _, part := range b.parts() {
		if only != "" && only != part.name {
			continue
		}
		if err := part.measure(ctx); err != nil {
			return err
		}
	}
	return nil
}

func (b *bench) clouds(ctx context.Context) error {
	for _, cloud := range []cluster.Cloud{cluster.GKE, cluster.EKS, cluster.AKS} {
		if err := b.production(ctx, cloud); err != nil {
			return err
		}
	}
	return nil
}

// local measures the local stack, which developers use.
func (b *bench) local(ctx context.Context) (err error) {
	defer func() { err = errors.Join(err, b.reset(context.WithoutCancel(ctx), "local")) }()
	steps := []struct {
		name, target string
		promise      time.Duration
	}{
		{"make up, from nothing running to seven services rolled out", "up", 30 * time.Second},
		{"make preview without changes", "preview", 4 * time.Second},
		{"make up without changes", "up", 6 * time.Second},
	}
	for _, step := range steps {
		if err := b.figures.time(step.name, step.promise, func() error { return b.make(ctx, nil, step.target) }); err != nil {
			return err
		}
	}
	return nil
}

// cold measures a newcomer's first command.
func (b *bench) cold(ctx context.Context) (err error) {
	home := filepath.Join(filepath.Dir(b.clone), "home")
	environment := []string{"HOME=" + home, "GOPATH=", "GOCACHE=", "GOMODCACHE="}
	defer func() { err = errors.Join(err, b.make(context.WithoutCancel(ctx), environment, "down")) }()
	return b.figures.time("make up, from a fresh clone with empty caches", 15*time.Minute, func() error {
		return b.make(ctx, environment, "up")
	})
}

// useBuiltComponents links the components that the checkout has built, and builds the rest, so that no figure includes
// it.
func (b *bench) useBuiltComponents(ctx context.Context) error {
	own := layout.Default(b.clone)
	if err := os.MkdirAll(own.Stacks, 0o700); err != nil {
		return fmt.Errorf("making the sandbox's folder: %w", err)
	}
	if err := os.Symlink(b.bin, own.Bin); err != nil && !errors.Is(err, os.ErrExist) {
		return fmt.Errorf("linking the built components: %w", err)
	}
	return b.make(ctx, nil, "build", "STACK=production")
}

// controlPlane measures the control plane alone, without nodes.
func (b *bench) controlPlane(ctx context.Context) error {
	l := layout.Default(b.clone)
	plane := controlplane.New(l, l.Stack("bench"))
	err := b.figures.time("control plane ready", 5*time.Second, func() error {
		return plane.Start(ctx, controlplane.Spec{}, io.Discard)
	})
	err = errors.Join(err, plane.Stop(context.WithoutCancel(ctx)))
	return errors.Join(err, os.RemoveAll(l.Stack("bench").Dir))
}

func (b *bench) reset(ctx context.Context, stack string) error {
	if err := b.make(ctx, nil, "down", "STACK="+stack); err != nil {
		return err
	}
	return os.RemoveAll(layout.Default(b.clone).Stack(stack).Dir)
}

// make runs a target as a person would, and includes its output in the error if it fails.
func (b *bench) make(ctx context.Context, environment []string, words ...string) error {
	var output bytes.Buffer
	command := exec.CommandContext(ctx, "make", append([]string{"--directory", b.clone}, words...)...)
	command.Env = append(os.Environ(), environment...)
	command.Stdout, command.Stderr = &output, &output
	command.Cancel = func() error { return command.Process.Signal(os.Interrupt) }
	if err := command.Run(); err != nil {
		return fmt.Errorf("make %s: %w:\n%s", strings.Join(words, " "), err, output.String())
	}
	return nil
}
