package full

import (
	"encoding/json"
	"fmt"
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
	address, found := listensAt(t, on, name, port)
	require.True(t, found, "%s does not listen on %s", name, port)
	return address
}

// listensAt is addressOf for a pod that may not run yet.
func listensAt(t *testing.T, on *testbed.Testbed, name, port string) (address string, found bool) {
	t.Helper()
	lines, err := on.Box.MonitoringAddresses(t.Context())
	if err != nil {
		return "", false
	}
	for _, line := range lines {
		at := listening.FindStringSubmatch(line)
		if at != nil && strings.HasPrefix(at[1], name) && at[2] == port {
			return at[3], true
		}
	}
	return "", false
}

// get decodes the data of an answer.
func (p promClient) get(path string, query url.Values, data any) {
	p.t.Helper()
	require.NoError(p.t, p.tryGet(path, query, data))
}

// tryGet is get for a Prometheus that may not answer yet.
func (p promClient) tryGet(path string, query url.Values, data any) error {
	response, err := http.Get(p.url + path + "?" + query.Encode()) //nolint:noctx // a test that hangs has a time limit
	if err != nil {
		return err
	}
	defer func() { _ = response.Body.Close() }()
	answer := struct {
		Status, Error string
		Data          any
	}{Data: data}
	if err := json.NewDecoder(response.Body).Decode(&answer); err != nil {
		return err
	}
	if answer.Status != "success" {
		return fmt.Errorf("asking for %s: %s", query, answer.Error)
	}
	return nil
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
	found, err := p.tryTargets()
	require.NoError(p.t, err)
	return found
}

func (p promClient) tryTargets() ([]scrapeTarget, error) {
	var found struct{ ActiveTargets []scrapeTarget }
	err := p.tryGet("/api/v1/targets", url.Values{"state": {"active"}}, &found)
	return found.ActiveTargets, err
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
