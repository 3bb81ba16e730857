package alerts_test

import (
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"k8s.io/apimachinery/pkg/util/httpstream"
	"k8s.io/apimachinery/pkg/util/httpstream/spdy"
	"k8s.io/client-go/rest"

	"github.com/dreamseed/platform/internal/alerts"
	"github.com/dreamseed/platform/internal/apiserver"
)

// firing is an answer in the format of https://prometheus.io/docs/prometheus/latest/querying/api/#alerts.
const firing = `{"status": "success", "data": {"alerts": [
	{"activeAt": "2026-07-04T20:27:12.60602144+02:00", "annotations": {"summary": "Alerting works"},
	 "labels": {"alertname": "Watchdog", "severity": "heartbeat"}, "state": "firing", "value": "1e+00"},
	{"activeAt": "2026-07-04T19:00:00Z", "annotations": {"summary": "Requests fail"}, "state": "firing", "value": "1e+00",
	 "labels": {"alertname": "ServiceAvailabilityBudgetBurn", "severity": "page", "service": "auth-service"}},
	{"activeAt": "2026-07-04T18:00:00Z", "annotations": {"summary": "A node is full"},
	 "labels": {"alertname": "NodeFull", "severity": "ticket"}, "state": "firing", "value": "1e+00"},
	{"activeAt": "2026-07-04T18:30:00Z", "annotations": {}, "labels": {"alertname": "NotYet"},
	 "state": "pending", "value": "1"}
]}}`

const silent = `{"status": "success", "data": {"alerts": [
	{"activeAt": "2026-07-04T18:30:00Z", "annotations": {}, "labels": {"alertname": "Watchdog"},
	 "state": "pending", "value": "1"}
]}}`

// prometheus answers everything with one text.
func prometheus(t *testing.T, status int, answer string) *httptest.Server {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		assert.Equal(t, "/api/v1/alerts", r.URL.Path)
		w.WriteHeader(status)
		_, _ = io.WriteString(w, answer)
	}))
	t.Cleanup(server.Close)
	return server
}

func TestWhatFiresIsListedFromTheLongest(t *testing.T) {
	found, err := alerts.Firing(t.Context(), http.DefaultClient, prometheus(t, http.StatusOK, firing).URL)
	require.NoError(t, err)
	assert.Equal(t, []alerts.Alert{
		{
			Name: "NodeFull", Severity: "ticket", Summary: "A node is full",
			Since: time.Date(2026, 7, 4, 18, 0, 0, 0, time.UTC),
		},
		{
			Name: "ServiceAvailabilityBudgetBurn", Severity: "page", Service: "auth-service", Summary: "Requests fail",
			Since: time.Date(2026, 7, 4, 19, 0, 0, 0, time.UTC),
		},
	}, found, "neither the heartbeat, nor what is pending")
}

func TestNoAnswerIsNotTakenForNoAlert(t *testing.T) {
	cases := map[string]struct {
		reason string
		status int
		answer string
		says   string
	}{
		"no heartbeat":  {"it evaluates no rules", http.StatusOK, silent, "Watchdog does not fire"},
		"nothing":       {"nor does it here", http.StatusOK, `{"status": "success", "data": {"alerts": []}}`, "Watchdog"},
		"an error":      {"it says so", http.StatusOK, `{"status": "error", "error": "too busy"}`, "too busy"},
		"no JSON":       {"something else answers", http.StatusOK, "<html>", "reading the answer"},
		"another state": {"it starts", http.StatusServiceUnavailable, "", "503"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			found, err := alerts.Firing(t.Context(), http.DefaultClient, prometheus(t, c.status, c.answer).URL)
			require.ErrorContains(t, err, c.says, c.reason)
			assert.Empty(t, found)
		})
	}
	_, err := alerts.Firing(t.Context(), http.DefaultClient, prometheus(t, http.StatusOK, silent).URL)
	assert.ErrorIs(t, err, alerts.ErrSilent)
}

// pods are two pods of Prometheus, of which one is ready.
const pods = `{"items": [
	{"metadata": {"name": "prometheus-a"}, "status": {"conditions": [{"type": "Ready", "status": "False"}]}},
	{"metadata": {"name": "prometheus-b"}, "status": {"conditions": [{"type": "Ready", "status": "True"}]}}
]}`

// cluster is an API server with the pods of Prometheus, and with the tunnel to a pod that kubectl port-forward takes
// (https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1: portforward).
type cluster struct {
	t       *testing.T
	pods    string
	target  string
	lock    sync.Mutex
	entered []string
}

func (c *cluster) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch {
	case strings.HasSuffix(r.URL.Path, "/pods"):
		assert.Equal(c.t, "app.kubernetes.io/name=prometheus", r.URL.Query().Get("labelSelector"))
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, c.pods)
	case r.Method == http.MethodPost:
		c.lock.Lock()
		c.entered = append(c.entered, r.URL.Path)
		c.lock.Unlock()
		c.tunnel(w, r)
	default: // a WebSocket begins with GET; an older API server refuses it
		w.WriteHeader(http.StatusBadRequest)
	}
}

func (c *cluster) tunnel(w http.ResponseWriter, r *http.Request) {
	if _, err := httpstream.Handshake(r, w, []string{"portforward.k8s.io"}); !assert.NoError(c.t, err) {
		return
	}
	begun := func(stream httpstream.Stream, _ <-chan struct{}) error {
		assert.Equal(c.t, "9090", stream.Headers().Get("port"))
		go c.connect(stream)
		return nil
	}
	connection := spdy.NewResponseUpgrader().UpgradeResponse(w, r, begun)
	if connection != nil {
		<-connection.CloseChan()
	}
}

func (c *cluster) connect(stream httpstream.Stream) {
	defer func() { _ = stream.Close() }()
	if stream.Headers().Get("streamType") != "data" {
		return // no error to tell
	}
	target, err := net.Dial("tcp", c.target) //nolint:noctx // it is on this machine
	if err != nil {
		c.t.Errorf("reaching Prometheus: %v", err)
		return
	}
	defer func() { _ = target.Close() }()
	go func() { _, _ = io.Copy(target, stream) }()
	_, _ = io.Copy(stream, target)
}

func newCluster(t *testing.T, pods, target string) (*cluster, *rest.Config, *apiserver.Reader) {
	t.Helper()
	made := &cluster{t: t, pods: pods, target: strings.TrimPrefix(target, "http://")}
	server := httptest.NewServer(made)
	t.Cleanup(server.Close)
	config := &rest.Config{Host: server.URL}
	reader, err := apiserver.NewReader(config)
	require.NoError(t, err)
	return made, config, reader
}

func TestPrometheusIsAskedThroughItsPod(t *testing.T) {
	made, config, reader := newCluster(t, pods, prometheus(t, http.StatusOK, firing).URL)

	found, err := alerts.Ask(t.Context(), config, reader, "dreamseed-monitoring")

	require.NoError(t, err)
	assert.Len(t, found, 2)
	assert.Equal(t, []string{"/api/v1/namespaces/dreamseed-monitoring/pods/prometheus-b/portforward"}, made.entered,
		"the pod that is ready, and no Service")
}

func TestWithoutAPodNobodyIsAsked(t *testing.T) {
	_, config, reader := newCluster(t, `{"items": []}`, "")
	_, err := alerts.Ask(t.Context(), config, reader, "dreamseed-monitoring")
	assert.ErrorContains(t, err, "no pod of Prometheus is ready")
}
