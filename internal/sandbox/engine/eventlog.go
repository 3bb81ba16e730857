package engine

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
)

// eventLog is the file that the engine writes its events to, one JSON document per line. The engine masks secrets in
// it; it is private and short-lived all the same.
type eventLog struct{ path string }

// newEventLog creates the file, so that it is private from the start: the engine keeps the mode that it finds.
func newEventLog(path string) (eventLog, error) {
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return eventLog{}, fmt.Errorf("clearing the engine's event log: %w", err)
	}
	file, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return eventLog{}, fmt.Errorf("creating the engine's event log: %w", err)
	}
	return eventLog{path: path}, file.Close()
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

// remove leaves nothing behind. Were it to fail, the next operation would report it.
func (l eventLog) remove() { _ = os.Remove(l.path) }

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
