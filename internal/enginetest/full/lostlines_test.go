package full

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// losesNoLines comes after the steps that want nothing to fire: a full buffer is told of for ten minutes.
func losesNoLines(t *testing.T) {
	lines := newLines(t)
	t.Run("a store that is away loses nothing", lines.waitForTheStore)
	t.Run("without its rights a collector does not start", lines.needRights)
}

// waitForTheStore takes the store away until the buffer of the node is full, and restarts the collector meanwhile.
func (l *keptLines) waitForTheStore(t *testing.T) {
	scale(t, 0)
	l.bulk("away", 20, 1000)
	eventually(t, func() string {
		if l.metric(t, "otelcol_exporter_queue_size") == 0 {
			return "nothing waits in the queue"
		}
		return ""
	})
	former := l.collector(t).Metadata.Name
	watched.Kubectl(t, "delete", "pod", former, "--namespace="+agentsNamespace)
	l.bulk("away", 20, 1000)
	eventually(t, func() string {
		if l.collector(t).Metadata.Name == former || l.metric(t, "otelcol_exporter_queue_size") == 0 {
			return "the new collector has no queue yet"
		}
		return ""
	})

	// More than the buffer takes. It says that it refuses, again and again: the pauses between the attempts grow to five
	// seconds. The collector reads a hundred parts at once, the last of which are of a line that is not whole.
	assert.Zero(t, l.metric(t, refusedLines))
	l.bulk("away", 56, 1_400_000)
	for range 6 {
		l.areRefused(t, l.metric(t, refusedLines)+1)
	}
	assert.LessOrEqual(t, l.metric(t, "otelcol_exporter_queue_size"), l.metric(t, "otelcol_exporter_queue_capacity"))

	scale(t, 1)
	l.arrive(t, "away", 96)
}

// refusedLines is the metric of the lines that found no room in the queue, counted at each attempt.
const refusedLines = "otelcol_exporter_enqueue_failed_log_records_total"

// areRefused waits until so many lines have been refused.
func (l *keptLines) areRefused(t *testing.T, times float64) {
	t.Helper()
	eventually(t, func() string {
		if refused := l.metric(t, refusedLines); refused < times {
			return fmt.Sprintf("%g lines are refused, not %g: the queue has %g of %g bytes", refused, times,
				l.metric(t, "otelcol_exporter_queue_size"), l.metric(t, "otelcol_exporter_queue_capacity"))
		}
		return ""
	})
}

// needRights takes two verbs of the collectors' Role and starts one of them again: it does not begin to read, because
// it could not say whose lines they are. It does once it has them. Either verb alone is enough to begin: a watch may
// begin with a list (https://kubernetes.io/docs/reference/using-api/api-concepts/#streaming-lists).
func (l *keptLines) needRights(t *testing.T) {
	former := l.collector(t).Metadata.Name
	eventually(t, func() string {
		if _, found := listensAt(t, watched, former, "8888"); !found {
			return former + " does not run yet"
		}
		return ""
	})
	allow(t, "get")
	watched.Kubectl(t, "delete", "pod", former, "--namespace="+agentsNamespace)
	l.write("stdout", "request_id=r-rights\n")
	eventually(t, func() string {
		folder := filepath.Join(watched.Stack.Containers(), agentsNamespace, l.collector(t).Metadata.Name)
		text, err := os.ReadFile(filepath.Join(folder, "log"))
		if err != nil || !strings.Contains(string(text), "pods is forbidden") {
			return "no collector misses its rights"
		}
		return ""
	})
	allow(t, "get", "list", "watch")
	found := awaited(t, `request_id:="r-rights"`)
	assert.Equal(t, "auth-service", found["service.name"])
	assert.Equal(t, l.pod.Node(), found["k8s.node.name"], "it waited for what it knows of the pod")
}

// allow sets the verbs of the collectors' Role.
func allow(t *testing.T, verbs ...string) {
	t.Helper()
	value, err := json.Marshal(verbs)
	require.NoError(t, err)
	watched.Kubectl(t, "patch", "role", "log-collector", "--namespace=dreamseed-local", "--type=json",
		fmt.Sprintf(`--patch=[{"op":"replace","path":"/rules/0/verbs","value":%s}]`, value))
}
