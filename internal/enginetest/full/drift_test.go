package full

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/internal/drift"
	"github.com/dreamseed/platform/internal/drift/drifttest"
	"github.com/dreamseed/platform/internal/enginetest/testbed"
)

// findsDriftOfStores finds what another hand does to the data stores, and findsDriftOfTheRest everything else.
func findsDriftOfStores(t *testing.T) {
	findsDrift(t, storing, mutations(t, func(one drifttest.Mutation) bool { return one.Stores }))
}

func findsDriftOfTheRest(t *testing.T) {
	rest := mutations(t, func(one drifttest.Mutation) bool { return !one.Stores })
	requireEveryKind(t, rest)
	findsDrift(t, watched, rest, "--accepted="+acceptingOne(t))
	kept := watched.Kubectl(t, "get", "configmap", "prometheus-rules", "--namespace=dreamseed-monitoring",
		`--output=jsonpath={.data.extra\.yml}`)
	assert.Equal(t, "groups: []", kept, "a repair keeps what was accepted")
}

// mutations returns those of the table that are among them.
func mutations(t *testing.T, among func(drifttest.Mutation) bool) []drifttest.Mutation {
	t.Helper()
	all, err := drifttest.Mutations()
	require.NoError(t, err)
	found := slices.DeleteFunc(all, func(one drifttest.Mutation) bool { return !among(one) })
	require.NotEmpty(t, found)
	return found
}

// requireEveryKind is the control of what findsDrift asserts of each class, and of what a repair leaves.
func requireEveryKind(t *testing.T, all []drifttest.Mutation) {
	t.Helper()
	classes := drifttest.Judge(all, drift.Report{})
	require.Len(t, classes, 3)
	for _, class := range classes {
		require.NotZero(t, class.All, class.Class)
	}
	require.True(t, slices.ContainsFunc(all, func(one drifttest.Mutation) bool { return one.Left }))
}

// findsDrift changes the stack in all of these ways, as another hand does. dreamseed drift finds each change as what it
// is, and takes back those in the program's own objects, but for those that a flag accepts; the commands that it prints
// take back the rest.
func findsDrift(t *testing.T, stand *testbed.Testbed, all []drifttest.Mutation, accepting ...string) {
	t.Helper()
	hand := drifttest.Shell{
		Folder: stand.Box.Project(), Variables: stand.Box.Variables(),
		Dreamseed: filepath.Join(stand.Project, "dreamseed"), Stack: stand.Stack.Name,
	}
	look := func(flags ...string) drifttest.Seen {
		t.Helper()
		seen, err := hand.Look(t.Context(), flags...)
		require.NoError(t, err)
		assert.Empty(t, seen.Incomplete)
		return seen
	}

	stand.Kubectl(t, "scale", "deployment/content-service", "--replicas=5", "--namespace", namespace)
	stand.Kubectl(t, "rollout", "restart", "deployment/auth-service", "--namespace", namespace)
	untouched := look()
	assert.NotEmpty(t, untouched.Findings, "the control: what controllers and autoscalers do is seen")
	assert.Empty(t, drifttest.Unexpected(nil, untouched.Report), "and is benign")
	assert.Zero(t, untouched.Code)

	require.NoError(t, hand.Inject(t.Context(), all))
	mutated := look()
	judged := 0
	for _, recall := range drifttest.Judge(all, mutated.Report) {
		judged += recall.All
		assert.Empty(t, recall.Missed, recall.Class)
	}
	assert.Len(t, all, judged, "each has a class")
	assert.Empty(t, drifttest.Unexpected(all, mutated.Report))
	assert.Equal(t, 10, mutated.Code)
	assert.NotContains(t, mutated.Printed, "a-planted-secret-value")

	repaired := look(append(accepting, "--repair")...)
	require.NotEmpty(t, repaired.Repairs)
	for _, one := range repaired.Repairs {
		assert.Empty(t, one.Refused, one.Object)
	}
	assertOnlyLeft(t, all, repaired.Report)

	require.NoError(t, hand.Restore(t.Context(), all, repaired.Report))
	last := look(accepting...)
	assert.Empty(t, drifttest.Unexpected(nil, last.Report))
	assert.Zero(t, last.Code)
}

// acceptingOne accepts one of the mutations, in a file.
func acceptingOne(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "drift-accepted.yaml")
	content := fmt.Sprintf(`
- stack: %s
  object: ConfigMap dreamseed-monitoring/prometheus-rules
  path: .data.extra.yml
  reason: rules under trial until the end of the sprint
  expires: %s
`, watched.Stack.Name, time.Now().UTC().AddDate(0, 0, 30).Format(time.DateOnly))
	require.NoError(t, os.WriteFile(path, []byte(content), 0o600))
	return path
}

// assertOnlyLeft asserts that a repair left exactly what it may not take back.
func assertOnlyLeft(t *testing.T, all []drifttest.Mutation, report drift.Report) {
	t.Helper()
	left := slices.DeleteFunc(slices.Clone(all), func(one drifttest.Mutation) bool { return !one.Left })
	require.Less(t, len(left), len(all))
	assert.Empty(t, drifttest.Unexpected(left, report), "the rest was taken back")
	for _, recall := range drifttest.Judge(left, report) {
		assert.Empty(t, recall.Missed, "what a repair leaves is said")
	}
}
