package engine

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/urn"

	"github.com/dreamseed/platform/internal/changes"
	"github.com/dreamseed/platform/internal/sandbox/privatefile"
)

// Recover clears what a killed run left behind, so that any operation can follow: processes, the backend's lock, and
// operations with an outcome that the state does not know. If there is nothing to clear it does next to nothing. It
// fails with a *BusyError while another engine is working on the stack.
func (e *Engine) Recover(ctx context.Context, out io.Writer) error {
	if err := e.sweep(); err != nil {
		return err
	}
	if err := e.clearLocks(); err != nil {
		return err
	}
	if err := removeEventLogs(e.stack.Processes()); err != nil {
		return err
	}
	return e.settle(ctx, Options{Out: out})
}

// sweep stops the remaining processes of the recorded engine, if the engine itself is dead.
func (e *Engine) sweep() error {
	last, err := loadSession(e.record())
	if last == nil || err != nil {
		return err
	}
	if last.alive() {
		return &BusyError{Stack: e.stack.Name, PID: int(last.PID)}
	}
	stale, err := last.stale()
	if err != nil {
		return err
	}
	if !stale {
		if err := last.stop(); err != nil {
			return err
		}
	}
	if err := os.Remove(e.record()); err != nil {
		return fmt.Errorf("removing the record of a dead engine: %w", err)
	}
	return nil
}

// settle finds out how unfinished operations ended: an object that a killed engine was creating becomes a resource in
// the state if it exists, and is forgotten if it does not. Forgetting all of them would be simpler, because creating an
// existing object adopts it; but a destroy before that would leave the object behind.
//
// The engine's own --import-pending-creates does not help: it drops the operation without importing anything.
func (e *Engine) settle(ctx context.Context, options Options) error {
	state, err := e.readState()
	if state == nil || err != nil {
		return err
	}
	unsettled, err := e.loadUnsettled()
	if err != nil {
		return err
	}
	pending := state.pending()
	unsettled = union(unsettled, pending)
	if len(unsettled) == 0 {
		return nil
	}
	say(options.Out, "Recovering from an interrupted run: looking at %d resources\n", len(unsettled))
	// The imported state will no longer list them as pending; this file does, until the recovery is complete.
	if err := e.saveUnsettled(unsettled); err != nil {
		return err
	}
	for _, lost := range state.adopt() {
		say(options.Out, "Cannot tell whether %s was created: look for it by hand\n", changes.ResourceName(lost))
	}
	if len(pending) > 0 {
		if err := e.importState(ctx, state); err != nil {
			return err
		}
	}
	if err := e.lookAt(ctx, options, state.known(unsettled)); err != nil {
		return err
	}
	if err := os.Remove(e.unsettled()); err != nil {
		return fmt.Errorf("removing the note of unfinished operations: %w", err)
	}
	return nil
}

// union returns both lists without duplicates: a recovery that failed finds its own pending operations again.
func union(a, b []urn.URN) []urn.URN {
	return slices.Compact(slices.Sorted(slices.Values(slices.Concat(a, b))))
}

// lookAt refreshes resources of the state from the live objects, and restores their field managers.
func (e *Engine) lookAt(ctx context.Context, options Options, urns []urn.URN) error {
	if len(urns) == 0 {
		return nil
	}
	if _, err := e.operate(ctx, "refresh", options, approved, targets(urns)); err != nil {
		return fmt.Errorf("recovering from an interrupted run: %w", err)
	}
	state, err := e.readState()
	if state == nil || err != nil || !state.claim(urns) {
		return err
	}
	return e.importState(ctx, state)
}

// importState replaces the stack's state. The engine verifies its integrity first.
func (e *Engine) importState(ctx context.Context, s *state) error {
	deployment, err := json.Marshal(s.deployment)
	if err != nil {
		return fmt.Errorf("encoding the state of stack %s: %w", e.stack.Name, err)
	}
	content, err := json.Marshal(apitype.UntypedDeployment{
		Version: s.version, Features: s.features, Deployment: deployment,
	})
	if err != nil {
		return fmt.Errorf("encoding the state of stack %s: %w", e.stack.Name, err)
	}
	file := filepath.Join(e.stack.Processes(), "engine-state.json")
	if err := privatefile.Write(file, content); err != nil {
		return fmt.Errorf("writing the state of stack %s: %w", e.stack.Name, err)
	}
	complaint, err := e.pulumi(ctx, Options{}, "stack", "import", "--file", file)
	if err != nil {
		err = &RunError{Command: "stack import", Stack: e.stack.Name, Complaint: complaint, Err: err}
	}
	return errors.Join(err, os.Remove(file))
}

// unsettled returns the path of the list of resources that a recovery in progress still has to refresh.
func (e *Engine) unsettled() string { return filepath.Join(e.stack.State(), "unsettled.json") }

func (e *Engine) saveUnsettled(urns []urn.URN) error {
	content, err := json.Marshal(urns)
	if err == nil {
		err = privatefile.Write(e.unsettled(), content)
	}
	if err != nil {
		return fmt.Errorf("noting unfinished operations: %w", err)
	}
	return nil
}

func (e *Engine) loadUnsettled() ([]urn.URN, error) {
	content, err := os.ReadFile(e.unsettled())
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("reading the note of unfinished operations: %w", err)
	}
	var urns []urn.URN
	if err := json.Unmarshal(content, &urns); err != nil {
		return nil, fmt.Errorf("reading the note of unfinished operations in %s: %w", e.unsettled(), err)
	}
	return urns, nil
}

// say prints a message. A failed write is left for the engine's own output to notice.
func say(out io.Writer, format string, arguments ...any) {
	if out != nil {
		_, _ = fmt.Fprintf(out, format, arguments...)
	}
}
