package changes

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
)

// lookAgain is the interval at which the log is polled.
const lookAgain = 50 * time.Millisecond

// Follower receives the events of a run while it goes on.
type Follower interface {
	// Show handles the next event.
	Show(event apitype.EngineEvent)
	// Idle is called whenever there is no further event yet.
	Idle()
}

// Follow reads the event log at a path. It passes on each event, in order, soon after the engine has written it. The
// caller calls end once, after the engine has ended; end passes on the rest and returns all events. An event that a
// killed engine did not finish writing is omitted.
func Follow(path string, to Follower) (end func() ([]apitype.EngineEvent, error)) {
	ended, done := make(chan struct{}), make(chan error, 1)
	var events []apitype.EngineEvent
	go func() {
		done <- read(path, ended, func(event apitype.EngineEvent) {
			events = append(events, event)
			to.Show(event)
		}, to.Idle)
	}()
	return func() ([]apitype.EngineEvent, error) {
		close(ended)
		if err := <-done; err != nil {
			return events, fmt.Errorf("reading the engine's event log: %w", err)
		}
		return events, nil
	}
}

// read reads complete lines until the engine has ended and nothing is left to read.
func read(path string, ended <-chan struct{}, each func(apitype.EngineEvent), idle func()) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }() // opened for reading only
	lines, count, last := bufio.NewReader(file), 0, false
	var begun []byte
	for {
		line, err := lines.ReadBytes('\n')
		begun = append(begun, line...)
		switch {
		case err == nil:
			count++
			var event apitype.EngineEvent
			if err := json.Unmarshal(begun, &event); err != nil {
				return fmt.Errorf("decoding event %d: %w", count, err)
			}
			begun = nil
			each(event)
		case !errors.Is(err, io.EOF):
			return err
		case last:
			return nil
		default:
			idle()
			last = waited(ended)
		}
	}
}

// waited waits for one interval and reports whether the engine has ended, in which case all its events are written.
func waited(ended <-chan struct{}) bool {
	select {
	case <-ended:
		return true
	case <-time.After(lookAgain):
		return false
	}
}
