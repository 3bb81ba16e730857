package controlplane

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"

	"github.com/dreamseed/platform/internal/sandbox/privatefile"
)

// state is what is remembered between two commands.
type state struct {
	// Up says that the control plane was started and not stopped since: what does not run then has died.
	Up bool `json:"up"`
	// Ports are the loopback ports by the name of what listens there.
	Ports map[string]int `json:"ports"`
	// Bootstrapping says that etcd was started on an empty store by a start that has not come to its end.
	Bootstrapping bool `json:"bootstrapping,omitempty"`
	// Beside are the components that were last meant to run beside the control plane.
	Beside []string `json:"beside,omitempty"`
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
