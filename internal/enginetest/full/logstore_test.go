package full

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// scale sets the number of pods of the store, and waits until it is there or gone.
func scale(t *testing.T, pods int) {
	t.Helper()
	watched.Kubectl(t, "scale", "deployment/victoria-logs-a", fmt.Sprintf("--replicas=%d", pods),
		"--namespace=dreamseed-monitoring")
	eventually(t, func() string {
		if _, found := listensAt(t, watched, "victoria-logs-a", "9428"); found != (pods > 0) {
			return fmt.Sprintf("the store listens: %t", found)
		}
		return ""
	})
}

// awaited waits until the store has a line for a query, and returns the only one.
func awaited(t *testing.T, query string) map[string]string {
	t.Helper()
	var found []map[string]string
	eventually(t, func() string {
		if found = stored(t, query); len(found) == 0 {
			return "no line for " + query
		}
		return ""
	})
	require.Len(t, found, 1, query)
	return found[0]
}

// stored returns the lines in the store that a query selects
// (https://docs.victoriametrics.com/victorialogs/querying/#querying-logs), none while it does not answer.
func stored(t *testing.T, query string) []map[string]string {
	t.Helper()
	text, err := ask(t, query)
	if err != nil {
		return nil
	}
	var all []map[string]string
	for line := range strings.Lines(text) {
		var one map[string]string
		require.NoError(t, json.Unmarshal([]byte(line), &one))
		all = append(all, one)
	}
	return all
}

func ask(t *testing.T, query string) (string, error) {
	t.Helper()
	address, found := listensAt(t, watched, "victoria-logs-a", "9428")
	if !found {
		return "", fmt.Errorf("the store does not listen")
	}
	return body(address + "/select/logsql/query?" + url.Values{"query": {query}}.Encode())
}

// body returns what a URL answers.
func body(url string) (string, error) {
	response, err := http.Get(url) //nolint:noctx // a test that hangs has a time limit; it is on this machine
	if err != nil {
		return "", err
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	if err == nil && response.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %s", response.Status, text)
	}
	return string(text), err
}
