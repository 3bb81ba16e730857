package engine

import (
	"fmt"
	"os"
	"path/filepath"
)

// eventLog is the file that the engine writes its events to, one JSON document per line. The engine masks secrets in
// it; the file is private and short-lived all the same.
type eventLog struct{ path string }

const eventLogPattern = "engine-events-*.jsonl"

// newEventLog creates the file itself, so that it is private from the start: the engine keeps the mode that it finds.
func newEventLog(folder string) (eventLog, error) {
	file, err := os.CreateTemp(folder, eventLogPattern)
	if err != nil {
		return eventLog{}, fmt.Errorf("creating the engine's event log: %w", err)
	}
	return eventLog{path: file.Name()}, file.Close()
}

// removeEventLogs removes the event logs of killed runs.
func removeEventLogs(folder string) error {
	paths, err := filepath.Glob(filepath.Join(folder, eventLogPattern))
	if err != nil {
		return fmt.Errorf("listing the engine's event logs: %w", err)
	}
	for _, path := range paths {
		if err := (eventLog{path: path}).remove(); err != nil {
			return err
		}
	}
	return nil
}

func (l eventLog) remove() error {
	if err := os.Remove(l.path); err != nil {
		return fmt.Errorf("removing the engine's event log: %w", err)
	}
	return nil
}
