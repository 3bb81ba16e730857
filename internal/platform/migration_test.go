package platform_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/dreamseed/platform/internal/config"
	"github.com/dreamseed/platform/internal/mocktest"
	"github.com/dreamseed/platform/internal/platform"
	"github.com/dreamseed/platform/internal/sandbox/standin/gcp"
)

const (
	jobType = "kubernetes:batch/v1:Job"
	// older and newer are digests that belong to no image.
	older = "@sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
	newer = "@sha256:60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752"
)

// migration returns the one Job of a service.
func migration(t *testing.T, built *mocktest.Recording, service string) *mocktest.Resource {
	t.Helper()
	jobs := slices.DeleteFunc(built.OfType(jobType), func(job *mocktest.Resource) bool {
		return job.Parent != mocktest.Ref(serviceComponent, service)
	})
	require.Len(t, jobs, 1)
	return jobs[0]
}

func TestTheDatabaseIsMigratedBeforeTheFirstPodOfAVersion(t *testing.T) {
	eachWorkload(t, func(t *testing.T, _ *config.Config, built *mocktest.Recording, w workload) {
		w.deployment.AssertDependsOn(t, migration(t, built, w.Name).Ref())
	})
}

func TestMigrationsWaitForNoOtherService(t *testing.T) {
	eachWorkload(t, func(t *testing.T, _ *config.Config, built *mocktest.Recording, w workload) {
		job := migration(t, built, w.Name)
		for _, other := range append(built.Each(t, jobType), built.Each(t, deploymentType)...) {
			if other.Parent != w.deployment.Parent && strings.HasPrefix(other.Parent, serviceComponent+"::") {
				assert.NotContains(t, job.Dependencies, other.Ref())
			}
		}
	})
}

func TestAMigrationIsTheServicesOwnImageRunningAlembic(t *testing.T) {
	eachWorkload(t, func(t *testing.T, _ *config.Config, built *mocktest.Recording, w workload) {
		job := migration(t, built, w.Name)
		container := mocktest.At(job.At("spec", "template", "spec"), "containers", 0)
		assert.Equal(t, pulled(built, w.Image), mocktest.At(container, "image"))
		assert.Equal(t, []any{"alembic", "upgrade", "head"}, mocktest.At(container, "command"))
		assert.Nil(t, mocktest.At(container, "env"))
	})
}

func TestAMigrationIsNamedAfterTheDigest(t *testing.T) {
	cfg := stackConfig(t, "staging")
	service(t, cfg, "auth").Image = "auth-service" + older
	assert.Equal(t, "auth-service-migration-9f86d081884c", migration(t, build(t, cfg), "auth").At("metadata", "name"))
}

// Otherwise an image that always fails would be retried until the deadline, without a message about the cause.
func TestAFailedMigrationFailsAtOnceAndTheNextRunTriesAgain(t *testing.T) {
	eachWorkload(t, func(t *testing.T, cfg *config.Config, built *mocktest.Recording, w workload) {
		job := migration(t, built, w.Name)
		assert.Equal(t, 0, job.At("spec", "backoffLimit"))
		assert.Equal(t, "Never", job.At("spec", "template", "spec", "restartPolicy"))
		assert.Equal(t, "true", job.At("metadata", "annotations", "pulumi.com/replaceUnready"))
		assert.Equal(t, cfg.RolloutDeadlineSeconds, job.At("spec", "activeDeadlineSeconds"))
		assert.Greater(t, seconds(t, job.CreateTimeout), cfg.RolloutDeadlineSeconds)
	})
}

func TestADrainedNodeIsNoFailureOfAMigration(t *testing.T) {
	eachWorkload(t, func(t *testing.T, _ *config.Config, built *mocktest.Recording, w workload) {
		assert.Equal(t, []any{map[string]any{
			"action":          "Ignore",
			"onPodConditions": []any{map[string]any{"type": "DisruptionTarget", "status": "True"}},
		}}, migration(t, built, w.Name).At("spec", "podFailurePolicy", "rules"))
	})
}

// The pod of a migration must not get requests, count for the service or have its rights.
func TestAMigrationIsNoPodOfItsService(t *testing.T) {
	eachWorkload(t, func(t *testing.T, _ *config.Config, built *mocktest.Recording, w workload) {
		pod := migration(t, built, w.Name).At("spec", "template")
		assert.Equal(t, map[string]any{
			"app.kubernetes.io/name": w.Name + "-service-migration", "app.kubernetes.io/component": "migration",
		}, mocktest.At(pod, "metadata", "labels"))
		assert.Nil(t, mocktest.At(pod, "spec", "serviceAccountName"))
		assert.Equal(t, false, mocktest.At(pod, "spec", "automountServiceAccountToken"))
	})
}

func TestMigrationsReachTheDatabasesAndNothingElse(t *testing.T) {
	built := build(t, stackConfig(t, "production"))
	migrations := map[string]any{
		"matchLabels": map[string]any{"app.kubernetes.io/component": "migration"},
		"matchExpressions": []any{map[string]any{
			"key": "app.kubernetes.io/name", "operator": "In", "values": []any{
				"ai-tutor-service-migration", "analytics-service-migration", "assessment-service-migration",
				"auth-service-migration", "content-service-migration", "payment-service-migration", "user-service-migration",
			},
		}},
	}
	assert.Equal(t, map[string]any{
		"podSelector": migrations, "policyTypes": []any{"Egress"},
		"egress": []any{rule("to", network("10.20.0.0/20"), port("TCP", 5432))},
	}, policy(t, built, "services-allow-postgres-from-migrations-out"))
}

func TestAServiceWithoutADatabaseMigratesNothing(t *testing.T) {
	cfg := stackConfig(t, "staging")
	service(t, cfg, "user").Needs.Postgres = false
	built := build(t, cfg)
	assert.Len(t, built.OfType(jobType), 6)
	assert.NotContains(t, mocktest.At(built.Outputs, "migrations"), "user")
	assert.NotContains(t, workloadOf(t, built, *service(t, cfg, "user")).container["env"], "DATABASE_URL")
}

// after builds staging with this image of auth, after a run that recorded these images as migrated.
func after(t *testing.T, image string, migrated ...any) *mocktest.Recording {
	t.Helper()
	cfg := stackConfig(t, "staging")
	service(t, cfg, "auth").Image = image
	return mocktest.RunAfter(t, map[string]any{"migrations": map[string]any{"auth": migrated}},
		func(ctx *pulumi.Context) error { return platform.Build(ctx, cfg, clouds()) }, gcp.Cloud())
}

func TestReturningToAMigratedImageMigratesNothing(t *testing.T) {
	was := after(t, "example.com/auth"+newer, "example.com/auth"+newer, "example.com/auth"+older)
	back := after(t, "example.com/auth"+older, "example.com/auth"+newer, "example.com/auth"+older)

	assert.NotContains(t, mocktest.Changed(was, back), migration(t, was, "auth").Name)
	assert.Equal(t, []any{"example.com/auth" + newer, "example.com/auth" + older},
		mocktest.At(back.Outputs, "migrations", "auth"))
}

func TestTheNextRunKnowsWhatWasMigrated(t *testing.T) {
	built := after(t, "example.com/auth"+newer, "example.com/auth"+older)

	assert.Equal(t, "auth-service-migration-60303ae22b99", migration(t, built, "auth").At("metadata", "name"))
	assert.Equal(t, []any{"example.com/auth" + newer, "example.com/auth" + older},
		mocktest.At(built.Outputs, "migrations", "auth"))
}

// afterFailures builds staging with this image of auth, after a complete run that recorded one migrated image, and
// further runs that left these Jobs of auth in the state.
func afterFailures(t *testing.T, image, migrated string, jobs ...map[string]any) *mocktest.Recording {
	t.Helper()
	cfg := stackConfig(t, "staging")
	service(t, cfg, "auth").Image = image
	left := mocktest.Left{
		Outputs:   map[string]any{"migrations": map[string]any{"auth": []any{migrated}}},
		Resources: map[string]any{"urn:other": map[string]any{"type": "kubernetes:core/v1:Pod", "outputs": jobs[0]}},
	}
	for i, job := range jobs {
		left.Resources[fmt.Sprint("urn:job-", i)] = map[string]any{"type": jobType, "outputs": job}
	}
	return mocktest.RunAfterAll(t, left,
		func(ctx *pulumi.Context) error { return platform.Build(ctx, cfg, clouds()) }, gcp.Cloud())
}

// jobOf returns the state's record of a service's migration that ended at a time with this condition.
func jobOf(service, image, condition, ended string) map[string]any {
	return map[string]any{
		"metadata": map[string]any{"labels": map[string]any{
			"app.kubernetes.io/component": "migration", "app.kubernetes.io/name": service + "-service-migration",
		}},
		"spec": map[string]any{"template": map[string]any{"spec": map[string]any{
			"containers": []any{map[string]any{"image": image}},
		}}},
		"status": map[string]any{
			"conditions": []any{map[string]any{"type": condition, "status": "True"}}, "completionTime": ended,
		},
	}
}

// A run in which another service's migration failed leaves no outputs.
func TestWhatWasMigratedInAFailedRunIsRemembered(t *testing.T) {
	const first, second, third, last = "example.com/auth" + older, "example.com/auth" + newer,
		"example.com/auth@sha256:" + digits3, "example.com/auth@sha256:" + digits4
	built := afterFailures(t, last, first,
		jobOf("auth", third, "Complete", "2026-01-03T00:00:00Z"),
		jobOf("auth", second, "Complete", "2026-01-02T00:00:00Z"),
		jobOf("auth", "example.com/auth@sha256:"+digits5, "Failed", "2026-01-04T00:00:00Z"),
		jobOf("user", last, "Complete", "2026-01-05T00:00:00Z"),
	)
	assert.Equal(t, []any{last, third, second, first}, mocktest.At(built.Outputs, "migrations", "auth"))

	back := afterFailures(t, second, first, jobOf("auth", second, "Complete", "2026-01-02T00:00:00Z"))
	assert.Equal(t, []any{second, first}, mocktest.At(back.Outputs, "migrations", "auth"))
	assert.Equal(t, "auth-service-migration-60303ae22b99", migration(t, back, "auth").At("metadata", "name"),
		"its Job stays as it is")
}

const (
	digits3 = "3333333333333333333333333333333333333333333333333333333333333333"
	digits4 = "4444444444444444444444444444444444444444444444444444444444444444"
	digits5 = "5555555555555555555555555555555555555555555555555555555555555555"
)

func TestAnImageIsItsDigest(t *testing.T) {
	const was = "example.com/auth" + newer
	for name, same := range map[string]string{
		"another registry": "mirror.example.com/auth" + newer,
		"with a tag":       "example.com/auth:1.4.2" + newer,
	} {
		t.Run(name, func(t *testing.T) {
			before, now := after(t, was, was), after(t, same, was)
			assert.NotContains(t, mocktest.Changed(before, now), migration(t, before, "auth").Name,
				"its Job is not made again")
			assert.Equal(t, []any{was}, mocktest.At(now.Outputs, "migrations", "auth"))
			returned := after(t, same, "example.com/auth"+older, was)
			assert.Equal(t, "auth-service-migration-9f86d081884c", migration(t, returned, "auth").At("metadata", "name"),
				"a return migrates nothing, wherever the image comes from now")
		})
	}
}

func TestTheSizeOfAMigrationCanBeSet(t *testing.T) {
	cfg := stackConfig(t, "staging")
	set := &service(t, cfg, "auth").Migration
	set.DeadlineSeconds = 1800
	set.Resources.Limits.Memory = resource.MustParse("2Gi")
	built := build(t, cfg)
	auth, user := migration(t, built, "auth"), migration(t, built, "user")
	assert.Equal(t, 1800, auth.At("spec", "activeDeadlineSeconds"))
	assert.Greater(t, seconds(t, auth.CreateTimeout), 1800)
	limits := func(job *mocktest.Resource) any {
		return mocktest.At(job.At("spec", "template", "spec"), "containers", 0, "resources", "limits", "memory")
	}
	assert.Equal(t, []any{"2Gi", "512Mi"}, []any{limits(auth), limits(user)})
	assert.Equal(t, cfg.RolloutDeadlineSeconds, user.At("spec", "activeDeadlineSeconds"))
}
