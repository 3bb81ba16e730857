package enginetest

import (
	"crypto/rand"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/internal/enginetest/testbed"
)

// newTag returns the tag of a version that no test has used before.
func newTag() string { return strings.ToLower(rand.Text()) }

func authImage(tag string) func(testbed.Configuration) {
	return func(c testbed.Configuration) { testbed.Service(c, "auth")["image"] = "dreamseed/auth-service:" + tag }
}

func TestNoPodOfAVersionExistsBeforeItsMigrationIsComplete(t *testing.T) {
	changing.Deployed(t)
	tag := newTag()

	seen := changing.Recorded(t, func() { changing.Change(t, authImage(tag)) })

	migration := changing.migration(t).Metadata.Name
	assert.True(t, seen.Completed(migration))
	assert.Empty(t, seen.PodsBefore(migration, "auth-service"))
	assert.True(t, testbed.Tried(t, seen, "auth-service", "dreamseed/auth-service:"+tag), "the control: then they came")
}

func TestFailedMigrationStopsTheReleaseAndIsTriedAgain(t *testing.T) {
	changing.Deployed(t)
	bad := authImage("migration-fails")

	var err error
	var first string
	seen := changing.Recorded(t, func() {
		_, _, err = changing.TryChange(t, bad)
		first = changing.migrationOf(t, "migration-fails").Metadata.UID
		_, _, again := changing.TryChange(t, bad)
		require.Error(t, again)
	})

	require.ErrorContains(t, err, "auth-service-migration-", "which Job")
	require.ErrorContains(t, err, "BackoffLimitExceeded", "its reason")
	require.ErrorContains(t, err, "the migration fails, as its image's name says", "its last words")
	assert.NotEqual(t, first, changing.migrationOf(t, "migration-fails").Metadata.UID, "the next run tried again")
	assert.False(t, testbed.Tried(t, seen, "auth-service", "dreamseed/auth-service:migration-fails"))
	assert.GreaterOrEqual(t, seen.LowestReady("auth-service"), 2, "the old version is left as it is")

	changing.Up(t, testbed.Tracked)
	assert.Zero(t, changing.Preview(t, testbed.WithLiveObjects).Changes())
}

// migration returns the one migration Job of auth.
func (s *subject) migration(t *testing.T) testbed.Object {
	t.Helper()
	jobs := s.List(t, "jobs", "--namespace", s.Namespace(), "--selector", "app.kubernetes.io/name=auth-service-migration")
	require.Len(t, jobs, 1)
	return jobs[0]
}

// migrationOf returns the migration Job of auth that runs an image with this tag.
func (s *subject) migrationOf(t *testing.T, tag string) testbed.Object {
	t.Helper()
	for _, job := range s.Each(t, "jobs", "--namespace", s.Namespace(),
		"--selector", "app.kubernetes.io/name=auth-service-migration") {
		template, _ := job.Spec["template"].(map[string]any)
		pod := testbed.Object{Spec: template["spec"].(map[string]any)}
		if pod.Images()[0] == "dreamseed/auth-service:"+tag {
			return job
		}
	}
	require.Fail(t, "no Job", "of image %s", tag)
	return testbed.Object{}
}
