package controlplane

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"

	"github.com/dreamseed/platform/internal/sandbox/privatefile"
)

// state is the state that is kept between two commands.
type state struct {
	// Up reports whether the control plane was started and not stopped since: then a component that is not running has
	// died.
	Up bool `json:"up"`
	// Ports are the loopback ports by the name of their listener.
	Ports map[string]int `json:"ports"`
	// Bootstrapping reports whether an unfinished start has started etcd on an empty store.
	Bootstrapping bool `json:"bootstrapping,omitempty"`
	// Programs are the components that the last start wanted beside the control plane.
	Programs []string `json:"programs,omitempty"`
}

func readState(path string) (state, error) {
	s := state{Ports: map[string]int{}}
	data, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		return s, nil
	}
	if err == nil {
		err = json.Unmarshal(data, &s)
	}
	if err != nil {
		return s, fmt.Errorf("reading %s: %w", path, err)
	}
	if s.Ports == nil {
		s.Ports = map[string]int{}
	}
	return s, nil
}

func (s state) write(path string) error {
	data, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		return fmt.Errorf("writing %s: %w", path, err)
	}
	return privatefile.Write(path, append(data, '\n'))
}
