package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"

	"go.yaml.in/yaml/v3"

	"github.com/dreamseed/platform/cluster"
	"github.com/dreamseed/platform/internal/sandbox"
	"github.com/dreamseed/platform/internal/sandbox/layout"
)

// production measures the production stack on a cloud with a stand-in for its API. The figures are the platform's own
// share of the time.
func (b *bench) production(ctx context.Context, cloud cluster.Cloud) (err error) {
	if err := b.choose(ctx, cloud); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.reset(context.WithoutCancel(ctx), "production")) }()
	on := "production on " + string(cloud) + ": "
	for _, target := range []string{"up", "preview"} {
		err := b.figures.time(on+target, 0, func() error { return b.make(ctx, nil, target, "STACK=production") })
		if err != nil {
			return err
		}
	}
	resources, err := b.resources(ctx)
	if err != nil {
		return err
	}
	b.figures.add(figure{name: on + "resources", unit: inNumbers}, float64(resources))
	return nil
}

// resources returns the number of resources in the stack.
func (b *bench) resources(ctx context.Context) (int, error) {
	silent := sandbox.Display{Progress: io.Discard, Engine: io.Discard}
	summary, err := sandbox.Open(layout.Default(b.clone), "production").Preview(ctx, sandbox.PreviewOptions{}, silent)
	if err != nil {
		return 0, fmt.Errorf("counting resources: %w", err)
	}
	count := 0
	for _, of := range summary.Counts {
		count += of
	}
	return count, nil
}

// choose copies the cloud's section from the documentation into the clone's production stack.
func (b *bench) choose(ctx context.Context, cloud cluster.Cloud) error {
	restore := exec.CommandContext(ctx, "git", "-C", b.clone, "checkout", "--quiet", "Pulumi.production.yaml")
	if printed, err := restore.CombinedOutput(); err != nil {
		return fmt.Errorf("restoring the tracked stack: %w: %s", err, printed)
	}
	section := filepath.Join(b.clone, "docs", "clouds", string(cloud), "production.yaml")
	if _, err := os.Stat(section); errors.Is(err, os.ErrNotExist) {
		return nil // the tracked stack is on this cloud
	}
	return b.reconfigure(func(config map[string]any) error { return read(section, &config) })
}

// reconfigure changes the configuration of the clone's production stack.
func (b *bench) reconfigure(change func(config map[string]any) error) error {
	return b.reconfigureStack("production", change)
}

// reconfigureStack changes the configuration of a stack.
func (b *bench) reconfigureStack(stack string, change func(config map[string]any) error) error {
	file := b.stackFile(stack)
	var content struct {
		Config map[string]any `yaml:"config"`
	}
	if err := read(file, &content); err != nil {
		return err
	}
	if err := change(content.Config); err != nil {
		return err
	}
	written, err := yaml.Marshal(content)
	if err != nil {
		return fmt.Errorf("writing %s: %w", file, err)
	}
	return os.WriteFile(file, written, 0o600)
}

func read(file string, target any) error {
	content, err := os.ReadFile(file)
	if err == nil {
		err = yaml.Unmarshal(content, target)
	}
	if err != nil {
		return fmt.Errorf("reading %s: %w", file, err)
	}
	return nil
}

func (b *bench) stackFile(stack string) string {
	return filepath.Join(b.clone, "Pulumi."+stack+".yaml")
}
