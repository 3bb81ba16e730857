package full

import (
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/internal/enginetest/testbed"
)

// promClient asks a real Prometheus (https://prometheus.io/docs/prometheus/latest/querying/api).
type promClient struct {
	t   *testing.T
	url string
}

var listening = regexp.MustCompile(`^\S+/(\S+) port (\d+) is at (\S+)`)

// addressOf returns where a port of the monitoring's pods listens on this machine; name is the beginning of the pod's.
func addressOf(t *testing.T, on *testbed.Testbed, name, port string) string {
	t.Helper()
	lines, err := on.Box.MonitoringAddresses(t.Context())
	require.NoError(t, err)
	for _, line := range lines {
		found := listening.FindStringSubmatch(line)
		if found != nil && strings.HasPrefix(found[1], name) && found[2] == port {
			return found[3]
		}
	}
	require.Fail(t, "nothing listens", "%s port %s is not among %v", name, port, lines)
	return ""
}

// get decodes the data of an answer.
func (p promClient) get(path string, query url.Values, data any) {
	p.t.Helper()
	response, err := http.Get(p.url + path + "?" + query.Encode()) //nolint:noctx // a test that hangs has a time limit
	require.NoError(p.t, err)
	defer func() { _ = response.Body.Close() }()
	answer := struct {
		Status, Error string
		Data          any
	}{Data: data}
	require.NoError(p.t, json.NewDecoder(response.Body).Decode(&answer))
	require.Equal(p.t, "success", answer.Status, "%s: %s", query, answer.Error)
}

// series returns the label sets of the series that a selector matches.
func (p promClient) series(selector string) []map[string]string {
	p.t.Helper()
	var found []map[string]string
	p.get("/api/v1/series", url.Values{"match[]": {selector}}, &found)
	return found
}

// scrapeTarget is a target with its health: up, down or unknown.
type scrapeTarget struct {
	Labels    map[string]string
	Health    string
	LastError string
}

func (p promClient) targets() []scrapeTarget {
	p.t.Helper()
	var found struct{ ActiveTargets []scrapeTarget }
	p.get("/api/v1/targets", url.Values{"state": {"active"}}, &found)
	return found.ActiveTargets
}

// evaluatedRule is a deployed rule with its outcome.
type evaluatedRule struct {
	Name, Query, Type, Health, State, LastError string
	Labels                                      map[string]string
}

func (p promClient) rules() []evaluatedRule {
	p.t.Helper()
	var found struct {
		Groups []struct{ Rules []evaluatedRule }
	}
	p.get("/api/v1/rules", nil, &found)
	var all []evaluatedRule
	for _, group := range found.Groups {
		all = append(all, group.Rules...)
	}
	return all
}

// eventually waits for a fact, and fails with the last reason why it does not hold.
func eventually(t *testing.T, holds func() string) {
	t.Helper()
	deadline := time.Now().Add(testbed.Patience)
	for {
		reason := holds()
		if reason == "" {
			return
		}
		require.True(t, time.Now().Before(deadline), "%s", reason)
		time.Sleep(500 * time.Millisecond)
	}
}
