package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"time"

	"golang.org/x/tools/benchmark/parse"

	"github.com/dreamseed/platform/internal/sandbox"
	"github.com/dreamseed/platform/internal/sandbox/layout"
)

// data measures what the four stores add to the local stack, and how long a database takes to be dumped and restored.
func (b *bench) data(ctx context.Context) error {
	without, err := b.fromNothing(ctx, storesElsewhere)
	if err != nil {
		return err
	}
	with, err := b.fromNothing(ctx, asTracked)
	if err != nil {
		return err
	}
	b.figures.add(figure{name: "data: more in an up from nothing", unit: inSeconds, target: 15}, with.up-without.up)
	b.figures.add(figure{name: "data: more in a preview without changes", unit: inSeconds, target: 1},
		with.preview-without.preview)
	return b.backups(ctx)
}

// ran is how many seconds an up from nothing took, and the preview after it.
type ran struct{ up, preview float64 }

// fromNothing measures the local stack with a changed configuration.
func (b *bench) fromNothing(ctx context.Context, change func(config map[string]any) error) (took ran, err error) {
	tracked, err := os.ReadFile(b.stackFile("local"))
	if err != nil {
		return took, err
	}
	defer func() {
		err = errors.Join(err, b.reset(context.WithoutCancel(ctx), "local"),
			os.WriteFile(b.stackFile("local"), tracked, 0o600))
	}()
	if err := b.reconfigureStack("local", change); err != nil {
		return took, err
	}
	box := sandbox.Open(layout.Default(b.clone), "local")
	took.up, err = elapsed(func() error {
		return quietly(func(show sandbox.Display) error { _, err := box.Up(ctx, show); return err })
	})
	if err != nil {
		return took, err
	}
	took.preview, err = elapsed(func() error { return previewOf(ctx, box) })
	return took, err
}

// asTracked changes nothing.
func asTracked(map[string]any) error { return nil }

// storesElsewhere leaves the services nothing but their databases, which somebody else runs.
func storesElsewhere(config map[string]any) error {
	config["dreamseed:data"] = map[string]any{
		"postgres": map[string]any{"mode": "external", "external": map[string]any{"cidr": "10.30.0.0/20", "port": 5432}},
	}
	for _, service := range config["dreamseed:services"].(map[string]any) {
		service.(map[string]any)["needs"] = map[string]any{
			"redis": false, "produces": []any{}, "consumes": []any{}, "buckets": []any{},
		}
	}
	return nil
}

// backups measures the Jobs of the backups on a real PostgreSQL of this machine, with a directory as the object store.
func (b *bench) backups(ctx context.Context) error {
	command := exec.CommandContext(ctx, "go", "test", "-run=^$", "-bench=BenchmarkBackups", "-benchtime=1x",
		"./data/postgres")
	command.Dir = b.clone
	printed, err := command.CombinedOutput()
	if err != nil {
		return fmt.Errorf("measuring the backups: %w:\n%s", err, printed)
	}
	for line := range strings.Lines(string(printed)) {
		measured, err := parse.ParseLine(line)
		if err != nil {
			continue // it is about the machine, or the end
		}
		_, what, _ := strings.Cut(measured.Name, "/")
		b.figures.add(figure{name: "data: " + strings.TrimRight(what, "-0123456789"), unit: inSeconds},
			time.Duration(measured.NsPerOp).Seconds())
	}
	return nil
}
