package main

import (
	"encoding/json"
	"encoding/pem"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"k8s.io/client-go/tools/clientcmd/api"

	"github.com/dreamseed/platform/internal/mocktest"
)

// restoring is an API server with a CronJob that restores auth, whose Jobs end at once.
type restoring struct {
	// condition and code are how the Job and its container end, and message is what the container leaves.
	condition string
	code      int
	message   string
	// created is the Job that was created.
	created map[string]any
}

func (s *restoring) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	const batch = "/apis/batch/v1/namespaces/dreamseed-local/"
	w.Header().Set("Content-Type", "application/json")
	switch path := r.URL.Path; {
	case path == batch+"cronjobs/auth-restore" || path == batch+"cronjobs/auth-backup":
		_, _ = io.WriteString(w, `{"apiVersion": "batch/v1", "kind": "CronJob", "metadata": {"name": "`+
			path[strings.LastIndex(path, "/")+1:]+`", "namespace": "dreamseed-local", "uid": "1"},
			"spec": {"jobTemplate": {"spec": {"template": {"spec": {"containers": [{"name": "restore", "env": [
			{"name": "AT"}, {"name": "OVERWRITE_NEWER", "value": "false"}]}]}}}}}}`)
	case path == batch+"jobs" && r.Method == http.MethodPost:
		_ = json.NewDecoder(r.Body).Decode(&s.created)
		_ = json.NewEncoder(w).Encode(s.created)
	case path == batch+"jobs":
		_, _ = io.WriteString(w, `{"apiVersion": "batch/v1", "kind": "JobList", "items": []}`)
	case strings.HasPrefix(path, batch+"jobs/"):
		s.created["status"] = map[string]any{"conditions": []any{map[string]any{"type": s.condition, "status": "True"}}}
		_ = json.NewEncoder(w).Encode(s.created)
	case path == "/api/v1/namespaces/dreamseed-local/pods":
		_ = json.NewEncoder(w).Encode(map[string]any{"apiVersion": "v1", "kind": "PodList", "items": []any{map[string]any{
			"apiVersion": "v1", "kind": "Pod", "metadata": map[string]any{"name": "one"},
			"status": map[string]any{"containerStatuses": []any{map[string]any{"state": map[string]any{
				"terminated": map[string]any{"exitCode": s.code, "message": s.message},
			}}}},
		}}})
	default:
		w.WriteHeader(http.StatusNotFound)
		_, _ = io.WriteString(w, `{"apiVersion": "v1", "kind": "Status", "status": "Failure",
			"reason": "NotFound", "code": 404}`)
	}
}

// enterRestoring enters a project whose stack is deployed to the server.
func enterRestoring(t *testing.T, server *restoring) {
	t.Helper()
	tracked, err := os.ReadFile("../../Pulumi.local.yaml")
	require.NoError(t, err)
	listening := httptest.NewTLSServer(server)
	t.Cleanup(listening.Close)
	authority := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: listening.Certificate().Raw})
	enter(t, string(tracked))
	playState(t, []any{map[string]any{
		"urn":  "urn:pulumi:test::dreamseed::pulumi:providers:kubernetes::cluster",
		"type": "pulumi:providers:kubernetes", "inputs": map[string]any{
			"kubeconfig": mocktest.Kubeconfig(t, "here", map[string]*api.Cluster{
				"here": {Server: listening.URL, CertificateAuthorityData: authority},
			}), "context": "here",
		},
	}})
}

func TestARestoreShowsTheRowsBeforeAndAfter(t *testing.T) {
	server := &restoring{condition: "Complete", message: "Restored auth to 20261126T021500Z.\n  9  10  public.users"}
	enterRestoring(t, server)
	shown := runWords(t, "data", "restore", "--stack=test", "--service=auth", "--at=2026-11-26", "--overwrite-newer")
	require.NoError(t, shown.err)
	assert.Contains(t, shown.output, "Restored auth to 20261126T021500Z.\n  9  10  public.users\n")
	assert.Contains(t, shown.output, "Waiting for the Job auth-restore-")
	environment := mocktest.At(server.created, "spec", "template", "spec", "containers", 0, "env")
	assert.Equal(t, []any{
		map[string]any{"name": "AT", "value": "20261126T235959Z"}, map[string]any{"name": "OVERWRITE_NEWER", "value": "true"},
	}, environment)
}

func TestARestoreIntoANewerDatabaseIsRefused(t *testing.T) {
	server := &restoring{condition: "Failed", code: 5, message: "The database of auth is newer than the backup"}
	enterRestoring(t, server)
	refused := runWords(t, "data", "restore", "--stack=test", "--service=auth")
	assert.Equal(t, 5, refused.code)
	require.ErrorContains(t, refused.err, "The database of auth is newer than the backup\n--overwrite-newer replaces")
	environment := mocktest.At(server.created, "spec", "template", "spec", "containers", 0, "env")
	assert.Equal(t, "false", mocktest.At(environment, 1, "value"), "nobody said so")
}

func TestABackupShowsItsRows(t *testing.T) {
	server := &restoring{condition: "Complete", message: "Dumped auth"}
	enterRestoring(t, server)
	shown := runWords(t, "data", "backup", "--stack=test", "--service=auth")
	require.NoError(t, shown.err)
	assert.Contains(t, shown.output, "Dumped auth\n")
}

func TestAFailedBackupIsSaid(t *testing.T) {
	enterRestoring(t, &restoring{condition: "Failed", code: 1, message: "no space left"})
	failed := runWords(t, "data", "backup", "--stack=test", "--service=auth")
	assert.Equal(t, 1, failed.code)
	assert.ErrorContains(t, failed.err, "no space left")
}

func TestDataCommandsRefuseWrongArguments(t *testing.T) {
	enterRestoring(t, &restoring{})
	for says, c := range map[string]struct {
		words []string
		code  int
	}{
		"--stack is":         {[]string{"data", "backup", "--service=auth"}, 2},
		`--service is ""`:    {[]string{"data", "backup", "--stack=test"}, 2},
		`--service is "mail`: {[]string{"data", "restore", "--stack=test", "--service=mail"}, 2},
		`--at is "lately"`:   {[]string{"data", "restore", "--stack=test", "--service=auth", "--at=lately"}, 2},
		"has no CronJob user-restore: run pulumi up first": {
			[]string{"data", "restore", "--stack=test", "--service=user"}, 3,
		},
	} {
		refused := runWords(t, c.words...)
		assert.Equal(t, c.code, refused.code, says)
		assert.ErrorContains(t, refused.err, says)
	}
}
