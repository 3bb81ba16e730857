package stack

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
)

// Preview writes the event log of a preview to a file that only its owner may read, and returns its path. The caller
// removes it. The log is there even after an error, as far as the engine got.
//
// The preview compares with the live objects if refresh is asked for. A field that another client owns is then a
// difference like any other, and no conflict that ends the preview (PULUMI_K8S_ENABLE_PATCH_FORCE in
// https://github.com/pulumi/pulumi-kubernetes/blob/v4.25.0/provider/pkg/await/await.go).
// It changes nothing, and takes no lock.
func (s Stack) Preview(ctx context.Context, flags ...string) (log string, err error) {
	file, err := os.CreateTemp("", "dreamseed-events-*.jsonl")
	if err != nil {
		return "", fmt.Errorf("creating the engine's event log: %w", err)
	}
	log = file.Name()
	if err := file.Close(); err != nil {
		return log, fmt.Errorf("creating the engine's event log: %w", err)
	}
	words := append([]string{"preview", "--event-log", filepath.Clean(log)}, flags...)
	_, err = s.pulumi(ctx, []string{debugCommands, forceFields}, words...)
	return log, err
}

const (
	// debugCommands makes the engine accept --event-log.
	debugCommands = "PULUMI_DEBUG_COMMANDS=true"
	// forceFields makes the dry run of a preview take over fields from other clients.
	forceFields = "PULUMI_K8S_ENABLE_PATCH_FORCE=true"
)
