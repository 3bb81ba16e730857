package engine

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
)

// eventLog is the file that the engine writes its events to, one JSON document per line. The engine masks secrets in
// it; it is private and short-lived all the same.
type eventLog struct{ path string }

const eventLogPattern = "engine-events-*.jsonl"

// newEventLog creates the file, so that it is private from the start: the engine keeps the mode that it finds.
func newEventLog(folder string) (eventLog, error) {
	file, err := os.CreateTemp(folder, eventLogPattern)
	if err != nil {
		return eventLog{}, fmt.Errorf("creating the engine's event log: %w", err)
	}
	return eventLog{path: file.Name()}, file.Close()
}

// removeEventLogs clears what runs left whose end nobody saw.
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

// read returns the outcome of the operation.
func (l eventLog) read() (Summary, error) {
	content, err := os.ReadFile(l.path)
	if err != nil {
		return Summary{}, fmt.Errorf("reading the engine's event log: %w", err)
	}
	events, err := decodeEvents(content)
	if err != nil {
		return Summary{}, fmt.Errorf("reading the engine's event log: %w", err)
	}
	return summarize(events), nil
}

func (l eventLog) remove() error {
	if err := os.Remove(l.path); err != nil {
		return fmt.Errorf("removing the engine's event log: %w", err)
	}
	return nil
}

// decodeEvents reads complete lines. What follows the last one is an event that a killed engine did not finish.
func decodeEvents(content []byte) ([]apitype.EngineEvent, error) {
	var events []apitype.EngineEvent
	for line := range bytes.Lines(content) {
		if !bytes.HasSuffix(line, []byte("\n")) {
			break
		}
		var event apitype.EngineEvent
		if err := json.Unmarshal(line, &event); err != nil {
			return nil, fmt.Errorf("decoding event %d: %w", len(events)+1, err)
		}
		events = append(events, event)
	}
	return events, nil
}
