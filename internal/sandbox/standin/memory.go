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

// Memory is what a cloud itself remembers: the taken names and their resources. The resources' properties are in the
// engine's state. The memory is a file, because a provider is a new process in each run, and two of them may run at
// once.
type Memory struct {
	folder string
	name   string

	// mutex guards taken if there is no folder.
	mutex sync.Mutex
	taken names
}

// names are the named resources, by type and name.
type names map[string]map[string]named

// named is the resource that has a name.
type named struct {
	ID string `json:"id"`
	// Inputs are omitted if they hold a secret.
	Inputs map[string]any `json:"inputs,omitempty"`
	// Gone reports whether the resource was deleted, although its name is still taken.
	Gone bool `json:"gone,omitempty"`
}

// NewMemory returns a memory without a file, with the date of the version table.
func NewMemory() *Memory { return &Memory{taken: names{}} }

// memoryOf returns a cloud's memory in the stack's sandbox.
func memoryOf(cloud string) *Memory {
	return &Memory{folder: os.Getenv(layout.CloudVariable), name: cloud + ".json"}
}

// Today returns the cloud's date: that of the version table, unless a test has written another one into the folder.
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

// Forget frees a name, as if its resource were deleted by hand.
func (m *Memory) Forget(token, name string) error {
	return m.change(func(known names) error {
		delete(known[token], name)
		return nil
	})
}

// take gives a name to a resource. It fails if the name is taken.
func (m *Memory) take(token, name, answer string, who named) error {
	return m.change(func(known names) error {
		if _, taken := known[token][name]; taken {
			return fmt.Errorf(answer, name)
		}
		known.set(token, name, who)
		return nil
	})
}

// keep updates the resource that has a name.
func (m *Memory) keep(token, name string, who named) error {
	return m.change(func(known names) error {
		known.set(token, name, who)
		return nil
	})
}

// find returns the resource that has a name, if it exists.
func (m *Memory) find(token, name string) (found named, exists bool, err error) {
	err = m.change(func(known names) error {
		found, exists = known[token][name]
		exists = exists && !found.Gone
		return nil
	})
	return found, exists, err
}

// byID returns the resource with an identifier, and its name.
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

// change runs work on the names while it holds the lock.
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
