package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"

	"github.com/dreamseed/platform/cluster"
)

// compiling measures the cost of compiling each cloud's package on top of the packages that all programs of the
// platform share.
func (b *bench) compiling(ctx context.Context) error {
	for _, cloud := range []cluster.Cloud{cluster.GKE, cluster.EKS, cluster.AKS} {
		if err := b.compile(ctx, "./cluster/"+string(cloud)); err != nil {
			return err
		}
	}
	return nil
}

// compile measures one package with a cache that holds only the contract's packages, which all clouds share.
func (b *bench) compile(ctx context.Context, pkg string) error {
	cache := filepath.Join(filepath.Dir(b.clone), "cache")
	defer remove(cache)
	if _, err := b.build(ctx, cache, "./cluster/existing"); err != nil {
		return err
	}
	start := time.Now()
	peak, err := b.build(ctx, cache, pkg)
	if err != nil {
		return err
	}
	b.figures.add(figure{name: "compiling " + pkg, unit: inSeconds}, time.Since(start).Seconds())
	b.figures.add(figure{name: "compiling " + pkg + ": largest process", unit: inGigabytes}, peak)
	return nil
}

// build builds a package and returns the memory of the largest process, in gigabytes.
func (b *bench) build(ctx context.Context, cache, pkg string) (float64, error) {
	command := exec.CommandContext(ctx, "go", "build", pkg)
	command.Dir, command.Env = b.clone, append(os.Environ(), "GOCACHE="+cache)
	if printed, err := command.CombinedOutput(); err != nil {
		return 0, fmt.Errorf("compiling %s: %w: %s", pkg, err, printed)
	}
	usage, _ := command.ProcessState.SysUsage().(*syscall.Rusage)
	// Linux counts in kilobytes (getrusage(2)), and a parent's figure includes its children's.
	return float64(usage.Maxrss) / 1e6, nil
}
