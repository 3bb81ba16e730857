package engine

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

// follower receives events, and a call of idle whenever there are none.
type follower interface {
	show(event apitype.EngineEvent)
	idle()
}

// follow passes on each event, in order, soon after the engine has written it. The caller calls end once, after the
// engine has ended; end passes on the rest and returns all events. An event that a killed engine did not finish writing
// is omitted.
func (l eventLog) follow(to follower) (end func() ([]apitype.EngineEvent, error)) {
	ended, done := make(chan struct{}), make(chan error, 1)
	var events []apitype.EngineEvent
	go func() {
		done <- l.read(ended, func(event apitype.EngineEvent) {
			events = append(events, event)
			to.show(event)
		}, to.idle)
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
func (l eventLog) read(ended <-chan struct{}, each func(apitype.EngineEvent), idle func()) error {
	file, err := os.Open(l.path)
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
