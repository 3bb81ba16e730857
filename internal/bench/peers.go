package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"github.com/dreamseed/platform/internal/sandbox/layout"
)

// peers compares the platform with kubectl and Helm: the same objects, on the same API server, one after the other.
// Only the ratios count, because a slow machine slows all of them down alike.
func (b *bench) peers(ctx context.Context) (err error) {
	defer func() { err = errors.Join(err, b.reset(context.WithoutCancel(ctx), "local")) }()
	race, err := b.newRace(ctx)
	if err != nil {
		return err
	}
	for _, one := range race.runners() {
		for _, leg := range one.legs {
			name := leg.name + ": " + one.name
			if err := b.figures.time(name, 0, func() error { return leg.run(ctx) }); err != nil {
				return err
			}
		}
	}
	b.figures.compare(promised)
	return nil
}

// The tasks that are measured for each runner.
const (
	firstUp  = "first up, seven services rolled out"
	preview  = "preview without changes"
	secondUp = "up without changes"
	oneImage = "one changed image, rolled out"
	removal  = "destroy"
)

// The names of the runners.
const (
	byKubectl  = "kubectl"
	byHelm     = "Helm"
	byPlatform = "the platform"
)

// promised are the ratios that the platform promises.
var promised = []ratio{
	{firstUp, byPlatform, byKubectl, 2},
	{preview, byPlatform, byKubectl, 1.5},
	{secondUp, byPlatform, byKubectl, 1.2},
	{oneImage, byPlatform, byKubectl, 1.3},
	{removal, byPlatform, byHelm, 1.5},
}

// race is one control plane on which the runners work in turn.
type race struct {
	bench *bench
	stack layout.Stack
	// folder holds the manifests and charts, before and after the change.
	folder string
}

type runner struct {
	name string
	legs []leg
}

type leg struct {
	name string
	run  func(context.Context) error
}

// newRace deploys the stack once, to record its objects, and destroys it again.
func (b *bench) newRace(ctx context.Context) (*race, error) {
	l := layout.Default(b.clone)
	stack := l.Stack("local")
	r := &race{bench: b, stack: stack, folder: filepath.Join(filepath.Dir(b.clone), "peers")}
	if err := b.make(ctx, nil, "up"); err != nil {
		return nil, err
	}
	objects, err := objectsOf(stack)
	if err != nil {
		return nil, err
	}
	if err := r.write(objects); err != nil {
		return nil, fmt.Errorf("writing the objects of the stack: %w", err)
	}
	if err := r.buildHelm(ctx); err != nil {
		return nil, err
	}
	return r, r.dreamseed(ctx, "destroy")
}

func (r *race) runners() []runner {
	apply := func(of version) func(context.Context) error {
		return func(ctx context.Context) error { return r.apply(ctx, of) }
	}
	helm := func(words ...string) func(context.Context) error {
		return func(ctx context.Context) error { return r.helm(ctx, words...) }
	}
	dreamseed := func(words ...string) func(context.Context) error {
		return func(ctx context.Context) error { return r.dreamseed(ctx, words...) }
	}
	return []runner{
		{byKubectl, []leg{
			{firstUp, apply(before)},
			{preview, func(ctx context.Context) error {
				return r.kubectl(ctx, "diff", "--server-side", "--force-conflicts", "--filename", r.manifests(before))
			}},
			{secondUp, apply(before)},
			{oneImage, apply(after)},
			{removal, func(ctx context.Context) error { return r.kubectl(ctx, "delete", "--filename", r.manifests(after)) }},
		}},
		{byHelm, []leg{
			{firstUp, helm("install", release, r.chart(before), "--wait")},
			{preview, helm("upgrade", release, r.chart(before), "--dry-run=server")},
			{secondUp, helm("upgrade", release, r.chart(before), "--wait")},
			{oneImage, helm("upgrade", release, r.chart(after), "--wait")},
			{removal, helm("uninstall", release, "--wait")},
		}},
		{byPlatform, []leg{
			{firstUp, dreamseed("up")},
			{preview, dreamseed("preview")},
			{secondUp, dreamseed("up")},
			{oneImage, r.changeImage},
			{removal, dreamseed("destroy")},
		}},
	}
}

// release is Helm's name for the objects.
const release = "dreamseed"

// apply does what people do with kubectl: apply, and then wait for the same conditions as an up: every secret ready,
// every migration complete, every pod of the newest release ready. It applies everything at once; only the platform
// creates no pod of a version before its migration is complete.
func (r *race) apply(ctx context.Context, of version) error {
	for _, words := range [][]string{
		{"apply", "--server-side", "--force-conflicts", "--filename", r.manifests(of)},
		{"wait", "externalsecrets", "--all", "--for=condition=Ready", inServices, "--timeout=2m"},
		{"wait", "jobs", "--all", "--for=condition=Complete", inServices, "--timeout=2m"},
		{"rollout", "status", "deployment", inServices, "--timeout=2m"},
	} {
		if err := r.kubectl(ctx, words...); err != nil {
			return err
		}
	}
	return nil
}

const inServices = "--namespace=dreamseed-local"

func (r *race) kubectl(ctx context.Context, words ...string) error {
	command := exec.CommandContext(ctx, filepath.Join(r.bench.bin, "kubectl"), words...)
	command.Env = append(os.Environ(), "KUBECONFIG="+r.stack.Kubeconfig())
	return run(command)
}

// buildHelm builds Helm from its module: the one on PATH could be any version.
func (r *race) buildHelm(ctx context.Context) error {
	command := exec.CommandContext(ctx, "go", "build", "-ldflags", "-s -w", "-o", r.folder, "helm.sh/helm/v3/cmd/helm")
	command.Dir = filepath.Join(r.bench.clone, "tools", "bench")
	return run(command)
}

func (r *race) helm(ctx context.Context, words ...string) error {
	command := exec.CommandContext(ctx, filepath.Join(r.folder, "helm"), append(words, "--namespace", "default")...)
	command.Env = append(os.Environ(), "KUBECONFIG="+r.stack.Kubeconfig(), "HELM_DRIVER=secret",
		"HELM_CONFIG_HOME="+r.folder, "HELM_CACHE_HOME="+r.folder, "HELM_DATA_HOME="+r.folder)
	return run(command)
}

// dreamseed runs the command that `make` runs, without the Go command's check whether it is up to date.
func (r *race) dreamseed(ctx context.Context, words ...string) error {
	command := exec.CommandContext(ctx, filepath.Join(r.bench.bin, "dreamseed"), append([]string{"sandbox"}, words...)...)
	command.Dir = r.bench.clone
	return run(command)
}

// changeImage puts another image into the stack's file, runs up, and restores the file.
func (r *race) changeImage(ctx context.Context) error {
	path := filepath.Join(r.bench.clone, "Pulumi.local.yaml")
	tracked, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	if err := os.WriteFile(path, after.of(tracked), 0o600); err != nil {
		return err
	}
	return errors.Join(r.dreamseed(ctx, "up"), os.WriteFile(path, tracked, 0o600))
}

// run runs a command, and includes its output in the error if it fails.
func run(command *exec.Cmd) error {
	if said, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("running %v: %w: %s", command.Args, err, said)
	}
	return nil
}
