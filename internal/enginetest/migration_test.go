package enginetest

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func authImage(tag string) func(configuration) {
	return func(c configuration) { service(c, "auth")["image"] = "dreamseed/auth-service:" + tag }
}

func TestNoPodOfAVersionExistsBeforeItsMigrationIsComplete(t *testing.T) {
	releasing.taken(t).up(t, authImage("before"))

	seen := releasing.recorded(t, func() { releasing.up(t, authImage("migrated")) })

	migration := releasing.migration(t).Metadata.Name
	assert.True(t, seen.Completed(migration))
	assert.Empty(t, seen.PodsBefore(migration, "auth-service"))
	assert.True(t, tried(t, seen, "dreamseed/auth-service:migrated"), "the control: then they came")
}

func TestFailedMigrationStopsTheReleaseAndIsTriedAgain(t *testing.T) {
	releasing.taken(t).up(t, authImage("before"))
	bad := authImage("migration-fails")

	var err error
	var first string
	seen := releasing.recorded(t, func() {
		_, _, err = releasing.tryUp(t, bad)
		first = releasing.migrationOf(t, "migration-fails").Metadata.UID
		_, _, again := releasing.tryUp(t, bad)
		require.Error(t, again)
	})

	require.ErrorContains(t, err, "auth-service-migration-", "which Job")
	require.ErrorContains(t, err, "BackoffLimitExceeded", "its reason")
	require.ErrorContains(t, err, "the migration fails, as its image's name says", "its last words")
	assert.NotEqual(t, first, releasing.migrationOf(t, "migration-fails").Metadata.UID, "the next run tried again")
	assert.False(t, tried(t, seen, "dreamseed/auth-service:migration-fails"))
	assert.GreaterOrEqual(t, seen.LowestReady("auth-service"), pods, "the old version is left as it is")

	releasing.up(t, authImage("before"))
	assert.Zero(t, releasing.preview(t, withLiveObjects).Changes())
}

// migration is the one Job of auth.
func (s *stand) migration(t *testing.T) object {
	t.Helper()
	jobs := s.list(t, "jobs", "--namespace", s.namespace(), "--selector", "app.kubernetes.io/name=auth-service-migration")
	require.Len(t, jobs, 1)
	return jobs[0]
}

// migrationOf is the Job of auth that runs an image with this tag.
func (s *stand) migrationOf(t *testing.T, tag string) object {
	t.Helper()
	for _, job := range s.list(t, "jobs", "--namespace", s.namespace(),
		"--selector", "app.kubernetes.io/name=auth-service-migration") {
		template, _ := job.Spec["template"].(map[string]any)
		pod := object{Spec: template["spec"].(map[string]any)}
		if pod.images()[0] == "dreamseed/auth-service:"+tag {
			return job
		}
	}
	require.Fail(t, "no Job", "of image %s", tag)
	return object{}
}
