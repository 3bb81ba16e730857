package full

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/internal/enginetest/testbed"
	"github.com/dreamseed/platform/monitoring/logging/pipeline/pipelinetest"
)

const agentsNamespace = "dreamseed-node-agents"

// keptLines are the lines of one pod on their way to the store, through the collector of its node.
type keptLines struct {
	*runtimeOf
	pod  testbed.Object
	next int
}

// newLines plays the container runtime of a node, and looks for what it wrote in the store.
func newLines(t *testing.T) *keptLines {
	t.Helper()
	pod := watched.Each(t, "pods", "--namespace=dreamseed-local", "--selector=app.kubernetes.io/name=auth-service")[0]
	return &keptLines{runtimeOf: newRuntime(t, pod), pod: pod}
}

func keepsLines(t *testing.T) {
	lines := newLines(t)
	t.Run("a line is found once, with its service, its level and its request", lines.areFound)
	t.Run("a credential is not found, and the rest of its line is", lines.hideCredentials)
	t.Run("a line is not read before its end is written", lines.areAwaited)
	t.Run("a rotated file is read to its end, and not twice", lines.surviveRotation)
}

// logged is a line and what the store says of it.
type logged struct {
	stream, text string
	want         map[string]string
}

// trace is what a Java program prints.
const trace = `2026-01-01 10:00:00 ERROR cannot pay request_id=r-trace
java.lang.IllegalStateException: no amount
	at com.shop.Pay.pay(Pay.java:10)
Caused by: java.sql.SQLException: closed
	... 2 more`

func (l *keptLines) areFound(t *testing.T) {
	long := strings.Repeat("0123456789", 100_000)
	half := strings.Repeat("x", 20_000)
	all := map[string]logged{
		"r-json": {
			"stdout",
			`{"level":"warn","msg":"an object","request_id":"r-json",` +
				`"trace_id":"0af7651916cd43dd8448eb211c80319c","order":{"id":42}}`,
			map[string]string{
				"_msg": "an object", "severity_text": "WARN", "severity_number": "13", "fields.order.id": "42",
				"trace_id": "0af7651916cd43dd8448eb211c80319c", "log.iostream": "stdout",
			},
		},
		"r-pairs": {
			"stdout", `level=debug msg="pairs" request_id=r-pairs`,
			map[string]string{"_msg": `level=debug msg="pairs" request_id=r-pairs`, "severity_text": "DEBUG"},
		},
		"r-trace": {
			"stderr", trace, map[string]string{"_msg": trace, "severity_text": "ERROR", "log.iostream": "stderr"},
		},
		"r-long": {
			"stdout", `{"level":"info","msg":"` + long + `","request_id":"r-long"}`,
			map[string]string{"_msg": long, "severity_text": "INFO"},
		},
	}
	for _, one := range all {
		l.write(one.stream, one.text+"\n")
	}
	// Two lines of several parts, which stand in the file between each other.
	for _, part := range []string{"request_id=r-%s " + half, half, "\n"} {
		for _, stream := range []string{"stdout", "stderr"} {
			l.write(stream, strings.ReplaceAll(part, "%s", stream))
		}
	}
	for _, stream := range []string{"stdout", "stderr"} {
		text := "request_id=r-" + stream + " " + half + half
		all["r-"+stream] = logged{stream, text, map[string]string{"_msg": text, "log.iostream": stream}}
	}
	for request, one := range all {
		found := awaited(t, fmt.Sprintf("request_id:=%q", request))
		for field, want := range one.want {
			assert.True(t, found[field] == want, "%s of %s is %.200q", field, request, found[field]) //nolint:testifylint // 1 MB
		}
		assert.Equal(t, map[string]string{
			"service.name": "auth-service", "k8s.namespace.name": "dreamseed-local", "k8s.pod.name": l.pod.Metadata.Name,
			"k8s.node.name": l.pod.Node(), "k8s.container.name": "auth-service", "deployment.environment.name": "local",
		}, only(found, "service.name", "k8s.namespace.name", "k8s.pod.name", "k8s.node.name", "k8s.container.name",
			"deployment.environment.name"), request)
	}
}

// only returns some fields of a line.
func only(line map[string]string, names ...string) map[string]string {
	some := map[string]string{}
	for _, name := range names {
		some[name] = line[name]
	}
	return some
}

func (l *keptLines) hideCredentials(t *testing.T) {
	for _, one := range pipelinetest.Credentials() {
		l.write("stdout", one.Line+"\n")
	}
	l.write("stdout", "request_id=r-hidden\n")
	awaited(t, `request_id:="r-hidden"`) // the last line of a stream: the others are there
	whole, err := ask(t, "*")
	require.NoError(t, err)
	for _, one := range pipelinetest.Credentials() {
		assert.NotContains(t, whole, one.Secret, one.Kind)
		assert.Contains(t, whole, one.Kept, one.Kind)
	}
}

// areAwaited writes half of a line, as a slow disk does, and the rest once other lines have passed it.
func (l *keptLines) areAwaited(t *testing.T) {
	begun := func(text string) string { return time.Now().UTC().Format(time.RFC3339Nano) + " stdout F " + text }
	l.append("0.log", begun("request_id=r-slow, and "))
	for _, other := range []string{"r-first", "r-second"} { // each arrives after more than a second
		l.append("1.log", begun("request_id="+other+"\n"))
		awaited(t, fmt.Sprintf("request_id:=%q", other))
	}
	l.append("0.log", "this is its end\n")
	assert.Equal(t, "request_id=r-slow, and this is its end", awaited(t, `request_id:="r-slow"`)["_msg"])
}

// surviveRotation rotates while the collector reads, faster than it looks for files.
func (l *keptLines) surviveRotation(t *testing.T) {
	for range 4 {
		l.bulk("rotated", 500, 100)
		l.rotate(l.numbered("rotated", 100))
	}
	l.bulk("rotated", 10, 100)
	l.arrive(t, "rotated", 4*501+10)
}

// numbered returns a line of a size, with a number of its own.
func (l *keptLines) numbered(of string, size int) string {
	l.next++
	text := strings.Repeat(strconv.Itoa(l.next%10), size)
	return fmt.Sprintf(`{"level":"info","msg":%q,"of":%q,"number":%d}`+"\n", text, of, l.next)
}

func (l *keptLines) bulk(of string, count, size int) {
	l.t.Helper()
	for range count {
		l.write("stdout", l.numbered(of, size))
	}
}

// arrive waits until the store has so many lines, and asserts that none is there twice.
func (l *keptLines) arrive(t *testing.T, of string, count int) {
	t.Helper()
	query := fmt.Sprintf("fields.of:=%q service.name:=auth-service ", of) +
		"| stats count() lines, count_uniq(fields.number) numbers"
	eventually(t, func() string {
		if found := stored(t, query); len(found) != 1 || found[0]["numbers"] != strconv.Itoa(count) {
			return fmt.Sprintf("the store has %v, not %d", found, count)
		}
		return ""
	})
	assert.Equal(t, []map[string]string{{"lines": strconv.Itoa(count), "numbers": strconv.Itoa(count)}}, stored(t, query))
}

// collector returns the pod of the collector on the node.
func (l *keptLines) collector(t *testing.T) testbed.Object {
	t.Helper()
	for _, one := range watched.Each(t, "pods", "--namespace="+agentsNamespace,
		"--selector=app.kubernetes.io/name=log-collector") {
		if one.Node() == l.pod.Node() && one.Metadata.DeletionTime == "" {
			return one
		}
	}
	return testbed.Object{}
}

// metric returns the sum of a metric of the collector on the node, or zero where it has none.
func (l *keptLines) metric(t *testing.T, name string) float64 {
	t.Helper()
	address, found := listensAt(t, watched, l.collector(t).Metadata.Name, "8888")
	if !found {
		return 0
	}
	sum, _, err := sumOf(t, address+"/metrics", name+`(?:\{[^}]*\})?`)
	if err != nil {
		return 0
	}
	return sum
}

// sumOf returns the sum and the number of the series on a page of metrics that a regular expression matches.
func sumOf(t *testing.T, page, series string) (sum float64, count int, err error) {
	t.Helper()
	text, err := body(page)
	if err != nil {
		return 0, 0, err
	}
	found := regexp.MustCompile(`(?m)^`+series+` (\S+)$`).FindAllStringSubmatch(text, -1)
	for _, match := range found {
		value, err := strconv.ParseFloat(match[1], 64)
		require.NoError(t, err)
		sum += value
	}
	return sum, len(found), nil
}
