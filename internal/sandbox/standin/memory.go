package standin

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/gofrs/flock"

	"github.com/dreamseed/platform/internal/sandbox/layout"
	"github.com/dreamseed/platform/internal/sandbox/privatefile"
	"github.com/dreamseed/platform/internal/sandbox/standin/support"
)

// Memory is what a cloud remembers by itself: which names are taken, and by what. What a resource is stays the
// engine's matter. A provider is a process of its own in each run, and there may be two at once, so it is a file.
type Memory struct {
	folder string
	name   string

	// mutex guards taken where there is no folder.
	mutex sync.Mutex
	taken names
}

// names are the resources that have a name, by type and name.
type names map[string]map[string]named

// named is who has a name.
type named struct {
	ID string `json:"id"`
	// Inputs are left out where they hold a secret.
	Inputs map[string]any `json:"inputs,omitempty"`
	// Gone tells a resource that was deleted, whose name is taken nevertheless.
	Gone bool `json:"gone,omitempty"`
}

// NewMemory is a memory without a file, at the date of the table of versions.
func NewMemory() *Memory { return &Memory{taken: names{}} }

// memoryOf is the memory that a cloud has in the stack's sandbox.
func memoryOf(cloud string) *Memory {
	return &Memory{folder: os.Getenv(layout.CloudVariable), name: cloud + ".json"}
}

// Today is the cloud's date: that of the table of versions, unless a test has put another one into the folder.
func (m *Memory) Today() (time.Time, error) {
	if m.folder == "" {
		return support.Taken, nil
	}
	path := filepath.Join(m.folder, layout.CloudDate)
	content, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		return support.Taken, nil
	}
	if err != nil {
		return time.Time{}, fmt.Errorf("reading the cloud's date: %w", err)
	}
	date, err := time.Parse(time.DateOnly, strings.TrimSpace(string(content)))
	if err != nil {
		return time.Time{}, fmt.Errorf("reading the cloud's date in %s: %w", path, err)
	}
	return date, nil
}

// Forget frees a name, as somebody does who deletes by hand what has it.
func (m *Memory) Forget(token, name string) error {
	return m.change(func(known names) error {
		delete(known[token], name)
		return nil
	})
}

// take gives a name to a resource, or says that it is taken.
func (m *Memory) take(token, name, answer string, who named) error {
	return m.change(func(known names) error {
		if _, taken := known[token][name]; taken {
			return fmt.Errorf(answer, name)
		}
		known.set(token, name, who)
		return nil
	})
}

// keep remembers what the resource with a name is by now.
func (m *Memory) keep(token, name string, who named) error {
	return m.change(func(known names) error {
		known.set(token, name, who)
		return nil
	})
}

// find is the resource with a name, which exists.
func (m *Memory) find(token, name string) (found named, exists bool, err error) {
	err = m.change(func(known names) error {
		found, exists = known[token][name]
		exists = exists && !found.Gone
		return nil
	})
	return found, exists, err
}

// byID is the name of the resource with an identifier.
func (m *Memory) byID(token, id string) (name string, found named, err error) {
	err = m.change(func(known names) error {
		for _, candidate := range slices.Sorted(maps.Keys(known[token])) {
			if known[token][candidate].ID == id {
				name, found = candidate, known[token][candidate]
			}
		}
		return nil
	})
	return name, found, err
}

func (n names) set(token, name string, who named) {
	if n[token] == nil {
		n[token] = map[string]named{}
	}
	n[token][name] = who
}

// change lets nobody else at the names while it works on them.
func (m *Memory) change(work func(names) error) (err error) {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	if m.name == "" {
		return work(m.taken)
	}
	if m.folder == "" {
		return fmt.Errorf("finding what exists in the cloud: %s is not set: what plays the part of a cloud only works in "+
			"a sandbox", layout.CloudVariable)
	}
	if err := os.MkdirAll(m.folder, 0o700); err != nil {
		return fmt.Errorf("making the folder of the cloud: %w", err)
	}
	path := filepath.Join(m.folder, m.name)
	lock := flock.New(path+".lock", flock.SetPermissions(0o600))
	if err := lock.Lock(); err != nil {
		return fmt.Errorf("locking what exists in the cloud: %w", err)
	}
	defer func() { err = errors.Join(err, lock.Close()) }()
	return rewrite(path, work)
}

func rewrite(path string, work func(names) error) error {
	before, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("reading what exists in the cloud: %w", err)
	}
	known := names{}
	if len(before) > 0 {
		if err := json.Unmarshal(before, &known); err != nil {
			return fmt.Errorf("reading what exists in the cloud in %s: %w", path, err)
		}
	}
	if err := work(known); err != nil {
		return err
	}
	after, err := json.MarshalIndent(known, "", "  ")
	if err != nil {
		return fmt.Errorf("writing what exists in the cloud: %w", err)
	}
	if string(after) == string(before) {
		return nil
	}
	return privatefile.Write(path, after)
}
