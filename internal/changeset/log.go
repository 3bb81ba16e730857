package changeset

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
)

// LogError means that an event log cannot be judged: it is cut off, another stack's, or newer than this program.
type LogError struct{ Err error }

func (e *LogError) Error() string { return "reading the engine's event log: " + e.Err.Error() }

// Unwrap returns the reason.
func (e *LogError) Unwrap() error { return e.Err }

// Read reads the event log of one run on a stack (pulumi preview --event-log). Every error is a LogError. The log of
// ten thousand resources has more than 100 MB: only what changes is kept.
func Read(log io.Reader, project, stack string) (*Set, error) {
	set, err := read(log, project, stack)
	if err != nil {
		return nil, &LogError{err}
	}
	return set, nil
}

func read(log io.Reader, project, stack string) (*Set, error) {
	c := newCollector(project, stack)
	lines := bufio.NewReader(log)
	for number := 0; ; number++ {
		line, err := lines.ReadBytes('\n')
		switch {
		case errors.Is(err, io.EOF) && len(line) == 0:
			return c.complete()
		case errors.Is(err, io.EOF):
			return nil, fmt.Errorf("event %d is cut off: the engine was killed while it wrote it", number)
		case err != nil:
			return nil, err
		case c.ended:
			return nil, fmt.Errorf("event %d follows the last one: the log has events of another run", number)
		}
		if err := c.take(number, line); err != nil {
			return nil, fmt.Errorf("event %d %w", number, err)
		}
	}
}

// take decodes the next event. The engine numbers its events without gaps, from 0.
func (c *collector) take(number int, line []byte) error {
	var event apitype.EngineEvent
	if err := json.Unmarshal(line, &event); err != nil {
		return fmt.Errorf("is no event of the engine: %w", err)
	}
	if event.Sequence != number {
		return fmt.Errorf("has the number %d: events are missing", event.Sequence)
	}
	if !hasKnownKind(event) {
		return errors.New("is of a kind that this program does not know: the engine is newer than it")
	}
	return c.event(event)
}

// hasKnownKind reports whether the event has a content: the engine's events are a union of pointers.
func hasKnownKind(event apitype.EngineEvent) bool {
	fields := reflect.ValueOf(event)
	for i := range fields.NumField() {
		if field := fields.Field(i); field.Kind() == reflect.Pointer && !field.IsNil() {
			return true
		}
	}
	return false
}
