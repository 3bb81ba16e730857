// Command bench measures the promises of the sandbox and prints a table. It works in a clone of the last commit with a
// sandbox of its own, and uses the components that the checkout has built. With -cold it builds everything from empty
// caches instead, which takes long.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
)

func main() {
	runs := flag.Int("runs", 3, "how often each figure is measured")
	only := flag.String("only", "",
		"measure one part: control-plane, local, peers, clouds, monitoring, data, drift, releases or compiling")
	cold := flag.Bool("cold", false, "measure a fresh clone with empty caches and an empty home, once")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := measureAll(ctx, *runs, *only, *cold); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1) //nolint:gocritic // nothing is left for the deferred stop to do
	}
}

func measureAll(ctx context.Context, runs int, only string, cold bool) error {
	folder, err := os.MkdirTemp("", "dreamseed-bench-")
	if err != nil {
		return fmt.Errorf("making a folder: %w", err)
	}
	defer remove(folder)
	bench, err := newBench(ctx, filepath.Join(folder, "clone"))
	if err != nil {
		return err
	}
	measure := func(ctx context.Context) error { return bench.warm(ctx, only) }
	if cold {
		measure, runs = bench.cold, 1
	}
	for range runs {
		if err := measure(ctx); err != nil {
			return err
		}
	}
	fmt.Println(bench.figures.table())
	return nil
}

// remove deletes a folder, including the read-only files of the Go module cache.
func remove(folder string) {
	_ = exec.Command("chmod", "-R", "u+w", folder).Run() // if this fails, the next line reports it
	if err := os.RemoveAll(folder); err != nil {
		fmt.Fprintln(os.Stderr, "bench: removing its folder:", err)
	}
}
