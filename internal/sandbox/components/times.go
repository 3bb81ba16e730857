package components

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/dreamseed/platform/internal/sandbox/layout"
	"github.com/dreamseed/platform/internal/sandbox/privatefile"
)

// Time is the duration of a component's last build.
type Time struct {
	Name string
	Took time.Duration
}

// Times returns the build times of the built components, including downloads. A component shares the packages that were
// compiled for earlier ones, so another order would give other times with the same sum. The programs of this repository
// are one entry: their longest build since the folder was created, because most builds find nearly everything compiled.
func Times(l layout.Layout, components []Component) ([]Time, error) {
	b := &builder{layout: l}
	var times []Time
	note := func(name, path string) error {
		took, err := readTook(path)
		if err == nil && took > 0 {
			times = append(times, Time{name, took})
		}
		return err
	}
	for _, c := range components {
		if !c.pinned() {
			continue
		}
		if err := note(c.Name, b.stampPath(c)); err != nil {
			return nil, fmt.Errorf("reading when %s was built: %w", c.Name, err)
		}
	}
	if err := note(ownPrograms, b.ownTook()); err != nil {
		return nil, fmt.Errorf("reading when %s were built: %w", ownPrograms, err)
	}
	return times, nil
}

const took = "took "

// tookLine returns the line that records a duration.
func tookLine(began time.Time) string {
	return took + time.Since(began).Round(time.Second).String() + "\n"
}

// readTook returns the duration that tookLine recorded in a file, or 0 if there is none.
func readTook(path string) (time.Duration, error) {
	content, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(content)) {
		if written, found := strings.CutPrefix(line, took); found {
			return time.ParseDuration(strings.TrimSpace(written))
		}
	}
	return 0, nil
}

func (b *builder) ownTook() string { return filepath.Join(b.layout.Bin, ownFolder+".took") }

// noteOwn records the build time of this repository's programs if it is their longest.
func (b *builder) noteOwn(began time.Time) error {
	longest, err := readTook(b.ownTook())
	if err != nil || time.Since(began) < longest {
		return err
	}
	return privatefile.Write(b.ownTook(), []byte(tookLine(began)))
}
