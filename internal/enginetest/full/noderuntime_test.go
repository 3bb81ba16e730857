package full

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/internal/enginetest/testbed"
	"github.com/dreamseed/platform/internal/sandbox/monitoring"
)

// runtimeOf writes what a container of a simulated pod logs to the files of its node, with the logger of containerd,
// and rotates them as a kubelet does.
type runtimeOf struct {
	t      *testing.T
	folder string
	in     io.WriteCloser
	done   *bufio.Reader
	// rotated is when the log was last rotated.
	rotated time.Time
}

// newRuntime starts to write the log of the only container of a pod.
func newRuntime(t *testing.T, pod testbed.Object) *runtimeOf {
	t.Helper()
	name := pod.Spec["containers"].([]any)[0].(map[string]any)["name"].(string)
	r := &runtimeOf{t: t, folder: filepath.Join(
		watched.Stack.Node(pod.Node()), "var/log/pods",
		pod.Metadata.Namespace+"_"+pod.Metadata.Name+"_"+pod.Metadata.UID, name,
	)}
	require.NoError(t, os.MkdirAll(r.folder, 0o750))
	command := exec.CommandContext(t.Context(), local.Layout.Binary(monitoring.CRILogger))
	command.Stderr = os.Stderr
	var err error
	r.in, err = command.StdinPipe()
	require.NoError(t, err)
	out, err := command.StdoutPipe()
	require.NoError(t, err)
	r.done = bufio.NewReader(out)
	require.NoError(t, command.Start())
	t.Cleanup(func() {
		_ = command.Wait() // the end of the test's context has killed it
	})
	r.do(map[string]string{"Open": r.log()})
	return r
}

func (r *runtimeOf) log() string { return filepath.Join(r.folder, "0.log") }

// do has a command carried out.
func (r *runtimeOf) do(command map[string]string) {
	r.t.Helper()
	require.NoError(r.t, json.NewEncoder(r.in).Encode(command))
	_, err := r.done.ReadString('\n')
	require.NoError(r.t, err)
}

// write lets the container write a text to one of its streams.
func (r *runtimeOf) write(stream, text string) {
	r.t.Helper()
	r.do(map[string]string{"Stream": stream, "Text": text})
}

// append adds a text to a log of the container, as a disk has it while the runtime writes.
func (r *runtimeOf) append(file, text string) {
	r.t.Helper()
	log, err := os.OpenFile(filepath.Join(r.folder, file), os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o640)
	require.NoError(r.t, err)
	_, err = log.WriteString(text)
	require.NoError(r.t, errors.Join(err, log.Close()))
}

// rotate compresses what was rotated before, renames the log, and has the runtime open another one
// (https://github.com/kubernetes/kubernetes/blob/v1.35.4/pkg/kubelet/logs/container_log_manager.go). Between the last
// two the container writes on to the renamed file.
func (r *runtimeOf) rotate(meanwhile string) {
	r.t.Helper()
	former, err := filepath.Glob(r.log() + ".*[0-9]")
	require.NoError(r.t, err)
	for _, path := range former {
		require.NoError(r.t, compress(path))
	}
	// The time in the name has seconds.
	if now := time.Now().Truncate(time.Second); now.After(r.rotated) {
		r.rotated = now
	} else {
		r.rotated = r.rotated.Add(time.Second)
	}
	require.NoError(r.t, os.Rename(r.log(), r.log()+"."+r.rotated.Format("20060102-150405")))
	r.write("stdout", meanwhile)
	r.do(map[string]string{"Open": r.log()})
}

func compress(path string) error {
	content, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	file, err := os.OpenFile(path+".tmp", os.O_CREATE|os.O_WRONLY, 0o640)
	if err != nil {
		return err
	}
	compressed := gzip.NewWriter(file)
	_, err = compressed.Write(content)
	if err := errors.Join(err, compressed.Close(), file.Close()); err != nil {
		return err
	}
	return errors.Join(os.Rename(path+".tmp", path+".gz"), os.Remove(path))
}
