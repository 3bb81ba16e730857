// Package changesettest has event logs that the real engine wrote about previews of the local stack. A test of the real
// engine records them again and compares.
package changesettest

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/klauspost/compress/zstd"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/internal/changeset"
)

// The event logs.
const (
	// Nothing is a preview without changes.
	Nothing = "nothing"
	// Release changes the image of auth.
	Release = "release"
	// LogLevel changes the configuration of every service.
	LogLevel = "log-level"
	// Replace points the stack at another cluster: the provider and everything behind it is replaced.
	Replace = "replace"
	// Delete takes the platform's own Prometheus away, with its claims.
	Delete = "delete"
	// Unprotect is a preview without changes of a stack whose state protects what the program does not.
	Unprotect = "unprotect"
	// Protected fails, because the state protects a claim that is to be deleted.
	Protected = "protected"
	// Failed fails before the first resource.
	Failed = "failed"
	// Killed ends in the middle.
	Killed = "killed"
	// Secret has a kubeconfig with PlantedSecret in it.
	Secret = "secret"
)

// PlantedSecret may be seen nowhere.
const PlantedSecret = "planted-hunter2"

// Whole lists the logs that are complete.
var Whole = []string{Nothing, Release, LogLevel, Replace, Delete, Unprotect, Protected, Failed, Secret}

// Open returns an event log.
func Open(t *testing.T, name string) io.Reader {
	t.Helper()
	return bytes.NewReader(Content(t, name))
}

// Content returns the bytes of an event log.
func Content(t *testing.T, name string) []byte {
	t.Helper()
	compressed, err := os.ReadFile(file(name))
	require.NoError(t, err)
	decoder, err := zstd.NewReader(nil)
	require.NoError(t, err)
	defer decoder.Close()
	content, err := decoder.DecodeAll(compressed, nil)
	require.NoError(t, err)
	return content
}

// Read returns the set of changes of an event log that is complete.
func Read(t *testing.T, name string) *changeset.Set {
	t.Helper()
	set, err := changeset.Read(Open(t, name), "dreamseed", "local")
	require.NoError(t, err)
	return set
}

// Write records an event log.
func Write(t *testing.T, name string, content []byte) {
	t.Helper()
	// A log repeats the state of each resource up to four times: a long window finds that.
	encoder, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedBestCompression), zstd.WithWindowSize(8<<20))
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(file(name), encoder.EncodeAll(content, nil), 0o600))
}

func file(name string) string {
	_, here, _, _ := runtime.Caller(0)
	return filepath.Join(filepath.Dir(here), "testdata", name+".jsonl.zst")
}

// Shape is what of a set does not depend on when and where its log was recorded.
func Shape(set *changeset.Set) []string {
	if set == nil {
		return nil
	}
	var shape []string
	for _, change := range set.Changes {
		shape = append(shape, string(change.Operation)+" "+string(change.URN))
	}
	for _, failure := range set.Failures {
		shape = append(shape, "failed: "+failure.Resource)
	}
	return shape
}
