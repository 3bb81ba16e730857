package controlplane

import (
	"errors"
	"fmt"
	"os"
)

// prepareStore ensures that etcd starts on a store that was ready before, or on none. An interrupted first start can
// leave a log without the entry that makes etcd a member of its own cluster: such a store elects no leader, and every
// later start would wait for it in vain. Nothing has written to it yet, so it is deleted.
func (s *state) prepareStore(folder string) error {
	if s.Bootstrapping {
		if err := os.RemoveAll(folder); err != nil {
			return fmt.Errorf("deleting what an interrupted start left: %w", err)
		}
	}
	_, err := os.Stat(folder)
	s.Bootstrapping = errors.Is(err, os.ErrNotExist)
	return nil
}
