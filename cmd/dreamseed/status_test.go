package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"k8s.io/client-go/tools/clientcmd/api"

	"github.com/dreamseed/platform/internal/mocktest"
	"github.com/dreamseed/platform/internal/status"
)

// deployment is a Deployment of auth with two pods, of which so many are new.
func deployment(updated int) string {
	return fmt.Sprintf(`{"items": [{
		"metadata": {"name": "auth-service", "generation": 2, "labels": {"app.kubernetes.io/name": "auth-service"}},
		"spec": {"replicas": 2, "template": {"spec": {"containers": [{"image": "auth-service:2"}]}}},
		"status": {"observedGeneration": 2, "replicas": 2, "updatedReplicas": %d, "readyReplicas": 2}
	}]}`, updated)
}

const nodes = `{"items": [
	{"metadata": {"labels": {"dreamseed.ai/pool": "spot"}},
	 "status": {"conditions": [{"type": "Ready", "status": "True"}]}},
	{"metadata": {"labels": {"dreamseed.ai/pool": "spot"}},
	 "status": {"conditions": [{"type": "Ready", "status": "Unknown"}]}},
	{"metadata": {}, "status": {"conditions": [{"type": "Ready", "status": "True"}]}}
]}`

// enterDeployed enters a project whose stack is deployed to an API server with one service: the others are not asked
// for while secrets cannot be sealed yet.
func enterDeployed(t *testing.T, more string) *mocktest.APIServer {
	t.Helper()
	tracked, err := os.ReadFile("../../Pulumi.local.yaml")
	require.NoError(t, err)
	server := mocktest.NewAPIServer(t, http.StatusOK)
	server.Answer("/version", `{"gitVersion": "v1.35.4"}`)
	server.Answer("/api/v1/nodes", nodes)
	server.Answer("/apis/apps/v1/deployments", deployment(2))
	enter(t, string(tracked)+"  dreamseed:secrets: {backend: sealedSecrets, bootstrap: true}\n"+more)
	playState(t, []any{map[string]any{
		"urn":  "urn:pulumi:test::dreamseed::pulumi:providers:kubernetes::cluster",
		"type": "pulumi:providers:kubernetes", "inputs": map[string]any{
			"kubeconfig": mocktest.Kubeconfig(t, "here", map[string]*api.Cluster{"here": server.Cluster()}), "context": "here",
		},
	}})
	return server
}

func TestStatusShowsTheEnvironment(t *testing.T) {
	enterDeployed(t, "")
	shown := runWords(t, "status", "--stack=test")
	require.NoError(t, shown.err)
	assert.Contains(t, shown.output,
		"test: cluster dreamseed-local, Kubernetes v1.35.4, nodes ready: on-demand 0/0, spot 1/2, others 1/1\n")
	assert.Regexp(t, `│ auth-service │ 2/2 +│ yes +│ auth-service:2 │`, shown.output)
	assert.Contains(t, shown.output, "Alerts: unknown: no pod of Prometheus is ready\n", "and not that none fires")
	assert.Contains(t, shown.output, "Logs of a service: kubectl --context dreamseed-sandbox-local logs "+
		"--namespace dreamseed-local --selector app.kubernetes.io/name=auth-service --tail 100 --follow\n")
	assert.NotContains(t, shown.output, "in flight")
	assert.NotContains(t, shown.output, "Problems")
}

// postgresOf is a Cluster of two instances, of which so many are ready.
func postgresOf(ready int) string {
	return fmt.Sprintf(`{"items": [{
		"metadata": {"name": "postgres"}, "spec": {"instances": 2, "imageName": "postgresql:18.4"},
		"status": {
			"phase": "Cluster in healthy state", "readyInstances": %d, "image": "postgresql:18.4",
			"conditions": [{"type": "Ready", "status": "True"}]
		}
	}]}`, ready)
}

func TestStatusShowsTheDataStores(t *testing.T) {
	server := enterDeployed(t, "")
	server.Answer("/apis/postgresql.cnpg.io/v1/clusters", postgresOf(2))
	shown := runWords(t, "status", "--stack=test")
	require.NoError(t, shown.err)
	assert.NotContains(t, shown.output, "postgres ", "its kinds are not served")

	server.Answer("/apis", `{"groups": [{"versions": [{"groupVersion": "postgresql.cnpg.io/v1"}]}]}`)
	shown = runWords(t, "status", "--stack=test")
	require.NoError(t, shown.err)
	assert.Regexp(t, `│ postgres │ 2/2 +│ yes │ postgresql:18.4 │`, shown.output)

	server.Answer("/apis/postgresql.cnpg.io/v1/clusters", postgresOf(1))
	shown = runWords(t, "status", "--stack=test")
	assert.Equal(t, 3, shown.code)
	assert.Regexp(t, `│ postgres │ 1/2 +│ no │ postgresql:18.4 │ 1 of 2 instances are ready │`, shown.output)
}

func TestStatusOfAReleaseInFlightIsNoSuccess(t *testing.T) {
	server := enterDeployed(t, "")
	server.Answer("/apis/apps/v1/deployments", deployment(1))
	shown := runWords(t, "status", "--stack=test")
	assert.Equal(t, 3, shown.code)
	assert.Contains(t, shown.output, "Releases in flight:\n  auth-service: 1 of 2 pods are new, 2 of all are ready\n")
}

func TestStatusIsReadByPrograms(t *testing.T) {
	enterDeployed(t, "")
	shown := runWords(t, "status", "--stack=test", "--format=json")
	require.NoError(t, shown.err)
	var seen status.Status
	require.NoError(t, json.Unmarshal([]byte(shown.output), &seen))
	assert.Equal(t, "v1.35.4", seen.Cluster.Version)
	require.Len(t, seen.Services, 1)
	assert.True(t, seen.Services[0].RolledOut)
	assert.NotEmpty(t, seen.Alerts.Unknown)
}

func TestAWatchEndsWhenEverythingRuns(t *testing.T) {
	server := enterDeployed(t, "")
	server.Answer("/apis/apps/v1/deployments", deployment(1))
	server.AnswerNext("/apis/apps/v1/deployments", deployment(2))
	shown := runWords(t, "status", "--stack=test", "--watch")
	require.NoError(t, shown.err)
	assert.Equal(t, 2, strings.Count(shown.output, "cluster dreamseed-local"), "each status once")
}

func TestAWatchEndsWithAnInterrupt(t *testing.T) {
	server := enterDeployed(t, "")
	server.Answer("/apis/apps/v1/deployments", deployment(1))
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan result, 1)
	go func() { done <- run(ctx, strings.NewReader(""), "status", "--stack=test", "--watch") }()
	require.Eventually(t, func() bool { return server.Connections() > 0 }, testPatience, lookAgain/100)
	cancel()
	assert.Equal(t, 130, (<-done).code)
}

func TestStatusOfWhatWasNeverDeployed(t *testing.T) {
	enter(t, stagingWith(t, digestOf("a")))
	playState(t, nil)
	shown := runWords(t, "status", "--stack=test")
	assert.Equal(t, 3, shown.code)
	assert.ErrorContains(t, shown.err, "run pulumi up first")
}

func TestStatusRefusesWrongArguments(t *testing.T) {
	enterDeployed(t, "")
	for says, words := range map[string][]string{
		"--stack is": {"status"}, "stacks here are: test": {"status", "--stack=prod"},
		`--format is "yaml"`: {"status", "--stack=test", "--format=yaml"},
		`--url is "http://`:  {"smoke", "--stack=test", "--url=http://127.0.0.1"},
		`--url is "https:`:   {"smoke", "--stack=test", "--url=https://127.0.0.1/path"},
	} {
		refused := runWords(t, words...)
		assert.Equal(t, 2, refused.code, words)
		assert.ErrorContains(t, refused.err, says)
	}
}

// playState puts a program on PATH that answers `pulumi stack export` with these resources.
func playState(t *testing.T, resources []any) {
	t.Helper()
	state, err := json.Marshal(map[string]any{"version": 3, "deployment": map[string]any{"resources": resources}})
	require.NoError(t, err)
	folder := t.TempDir()
	script := fmt.Sprintf("#!/bin/sh\ntest \"$1 $2\" = 'stack export' && cat %s/state.json\n", folder)
	require.NoError(t, os.WriteFile(filepath.Join(folder, "state.json"), state, 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(folder, "pulumi"), []byte(script), 0o700))
	t.Setenv("PATH", folder+string(os.PathListSeparator)+os.Getenv("PATH"))
}
