package full

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
)

// caller sends requests to an API server as one user.
type caller struct {
	server string
	client *http.Client
}

func callerOf(t *testing.T, kubeconfig string) *caller {
	t.Helper()
	config, err := clientcmd.BuildConfigFromFlags("", kubeconfig)
	require.NoError(t, err)
	config.QPS = -1
	client, err := rest.HTTPClientFor(config)
	require.NoError(t, err)
	return &caller{server: config.Host, client: client}
}

// request is one request to the API server.
type request struct {
	method, path string
	// body is JSON, and of the media type. Default application/json.
	body, mediaType string
	// impersonated is the user in whose name it is sent. Default none.
	impersonated string
}

// dry is the request as a dry run.
func (r request) dry() request {
	separator := "?"
	if strings.Contains(r.path, "?") {
		separator = "&"
	}
	r.path += separator + "dryRun=All"
	return r
}

// answer is the API server's answer.
type answer struct {
	code int
	body string
}

// refused reports whether the caller may not do that.
func (a answer) refused() bool { return a.code == http.StatusForbidden }

// refusedByPolicy reports whether the admission policy has refused it, and not a missing right.
func (a answer) refusedByPolicy() bool {
	return a.refused() && strings.Contains(a.body, "ValidatingAdmissionPolicy 'dreamseed-preview-")
}

// done reports whether the request was carried out.
func (a answer) done() bool { return a.code >= http.StatusOK && a.code < http.StatusMultipleChoices }

// send sends a request. An update of an object that a controller has written meanwhile is sent again.
func (c *caller) send(t *testing.T, r request) answer {
	t.Helper()
	got := c.sendWith(t.Context(), t, r)
	for r.method == http.MethodPut && got.code == http.StatusConflict {
		r.body = c.ofNow(t, r)
		got = c.sendWith(t.Context(), t, r)
	}
	return got
}

// ofNow returns the body of an update with the version that the object has now.
func (c *caller) ofNow(t *testing.T, r request) string {
	t.Helper()
	path, _, _ := strings.Cut(r.path, "?")
	now := c.object(t, path)["metadata"].(map[string]any)["resourceVersion"]
	var object map[string]any
	require.NoError(t, json.Unmarshal([]byte(r.body), &object))
	object["metadata"].(map[string]any)["resourceVersion"] = now
	updated, err := json.Marshal(object)
	require.NoError(t, err)
	return string(updated)
}

// sendWith also works during a test's clean-up.
func (c *caller) sendWith(ctx context.Context, t *testing.T, r request) answer {
	t.Helper()
	sent, err := http.NewRequestWithContext(ctx, r.method, c.server+r.path, strings.NewReader(r.body))
	require.NoError(t, err)
	sent.Header.Set("Content-Type", "application/json")
	if r.mediaType != "" {
		sent.Header.Set("Content-Type", r.mediaType)
	}
	if r.impersonated != "" {
		sent.Header.Set("Impersonate-User", r.impersonated)
		sent.Header.Set("Impersonate-Group", "system:masters")
	}
	got, err := c.client.Do(sent)
	require.NoError(t, err)
	defer func() { assert.NoError(t, got.Body.Close()) }()
	body, err := io.ReadAll(io.LimitReader(got.Body, 1<<20))
	require.NoError(t, err)
	return answer{code: got.StatusCode, body: string(body)}
}

// object reads one object, or an answer of that form.
func (c *caller) object(t *testing.T, path string) map[string]any {
	t.Helper()
	got := c.send(t, request{method: http.MethodGet, path: path})
	require.True(t, got.done(), "%s: %s", path, got.body)
	var object map[string]any
	require.NoError(t, json.Unmarshal([]byte(got.body), &object))
	return object
}
