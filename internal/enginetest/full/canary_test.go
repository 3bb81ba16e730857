package full

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/internal/enginetest/testbed"
	"github.com/dreamseed/platform/internal/sandbox/load"
)

const (
	canaryWorkload = "user-service"
	ofCanary       = "app.kubernetes.io/name=" + canaryWorkload
	versionLabel   = "rollouts-pod-template-hash"
)

// watchedWith configures a testbed that watches itself, and releases one service as a canary that keeps its first share
// until it has been scraped twice and judged once more, and longer than a run takes beside other tests.
func watchedWith(image string) func(testbed.Configuration) {
	return func(c testbed.Configuration) {
		watch(c)
		c["dreamseed:rolloutDeadlineSeconds"] = 150
		user := testbed.Service(c, "user")
		user["image"] = "dreamseed/user-service:" + image
		user["release"] = map[string]any{
			"strategy": "canary", "canary": map[string]any{"weights": []int{50}, "stepSeconds": 75, "maxErrorPercent": 5},
		}
	}
}

// stopsACanary asserts that a version of which too many requests fail is aborted by what the deployed Prometheus saw of
// it. The first requests of a version are seen at its second scrape; the releasing testbed shows that a version within
// the limit passes.
func stopsACanary(t *testing.T) {
	former := stableVersion(t)
	failNewVersions(t, former)
	_, _, err := watched.TryUp(t, watchedWith("fails-half-of-its-requests"))

	require.ErrorContains(t, err, "error-percentage", "the reason")
	assert.Equal(t, []string{"dreamseed/user-service:v1"}, servedImages(t, watched, canaryWorkload))
	assert.Equal(t, former, stableVersion(t))
}

// failNewVersions lets half of the requests to every version but one fail.
func failNewVersions(t *testing.T, but string) {
	t.Helper()
	asked := load.Load{RequestsPerSecond: 20, Latency: 10 * time.Millisecond}
	failing := asked
	failing.ErrorShare = 0.5
	name := map[string]string{"app.kubernetes.io/name": canaryWorkload}
	require.NoError(t, watched.Box.SetLoad(t.Context(), []load.Rule{
		{Labels: map[string]string{versionLabel: but}, Load: asked}, {Labels: name, Load: failing}, {Load: asked},
	}))
}

// stableVersion returns the hash of the version that serves.
func stableVersion(t *testing.T) string {
	t.Helper()
	rollouts := watched.Each(t, "rollouts.argoproj.io", "--namespace", namespace, "--selector", ofCanary)
	require.Len(t, rollouts, 1)
	hash, _ := rollouts[0].Status["stableRS"].(string)
	require.NotEmpty(t, hash)
	return hash
}

// analysed returns the queries of the deployed analysis, asked of the version that serves.
func analysed(t *testing.T) []string {
	t.Helper()
	version := stableVersion(t)
	var queries []string
	for _, template := range watched.Each(t, "analysistemplates.argoproj.io", "--namespace", namespace) {
		for _, metric := range template.Spec["metrics"].([]any) {
			provider := metric.(map[string]any)["provider"].(map[string]any)["prometheus"].(map[string]any)
			query := strings.ReplaceAll(provider["query"].(string), "{{args.version}}", version)
			require.Contains(t, query, version)
			queries = append(queries, query)
		}
	}
	require.NotEmpty(t, queries)
	return queries
}
