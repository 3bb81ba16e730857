package postgres_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	batchv1 "k8s.io/api/batch/v1"
	"k8s.io/pod-security-admission/api"
	"k8s.io/pod-security-admission/policy"

	"github.com/dreamseed/platform/data/postgres"
	"github.com/dreamseed/platform/internal/mocktest"
	"github.com/dreamseed/platform/secrets"
)

func clusterOf(t *testing.T, of *postgres.Args) *mocktest.Resource {
	t.Helper()
	return built(t, of).Get(t, clusterType, "postgres-cluster")
}

func TestTheClusterIsSafe(t *testing.T) {
	one := clusterOf(t, args())
	assert.Equal(t, "postgres", one.At("metadata", "name"))
	assert.Equal(t, "dreamseed-test", one.At("metadata", "namespace"))
	assert.Equal(t, 3, one.At("spec", "instances"))
	assert.Equal(t, false, one.At("spec", "enableSuperuserAccess"), "nobody signs in as postgres")
	assert.Equal(t, map[string]any{"size": "10Gi", "storageClass": "encrypted"}, one.At("spec", "storage"))
	assert.Equal(t, []any{"hostssl sameuser all all scram-sha-256", "host all all all reject"},
		one.At("spec", "postgresql", "pg_hba"))
	assert.Equal(t, "256MB", one.At("spec", "postgresql", "parameters", "shared_buffers"), "a quarter of 1Gi")
	assert.Equal(t, "dreamseed-critical", one.At("spec", "priorityClassName"))
	assert.Equal(t, "topology.kubernetes.io/zone", one.At("spec", "affinity", "topologyKey"))
	assert.Equal(t, "preferred", one.At("spec", "affinity", "podAntiAffinityType"))
	assert.Nil(t, one.At("spec", "affinity", "tolerations"), "it tolerates no taint: never a spot node")
	assert.Nil(t, one.At("spec", "inheritedMetadata"), "its pods are none of the services")
	assert.Regexp(t, `^ghcr\.io/cloudnative-pg/postgresql:\d+\.\d+-[a-z-]+$`, one.At("spec", "imageName"))
}

// A budget for a single instance would block the drain of its node for ever
// (https://github.com/cloudnative-pg/cloudnative-pg/issues/10566).
func TestOnlySeveralInstancesHaveABudgetAndACopy(t *testing.T) {
	for count, several := range map[int]bool{1: false, 2: true, 3: true} {
		of := args()
		of.Spec.Instances = count
		one := clusterOf(t, of)
		assert.Equal(t, several, one.At("spec", "enablePDB"), count)
		assert.Equal(t, several, one.At("spec", "postgresql", "synchronous") != nil, count)
	}
	synchronous := map[string]any{"method": "any", "number": 1, "dataDurability": "preferred"}
	assert.Equal(t, synchronous, clusterOf(t, args()).At("spec", "postgresql", "synchronous"))
}

func TestTheDefaultClassIsLeftToTheCluster(t *testing.T) {
	of := args()
	of.StorageClass = ""
	assert.Equal(t, map[string]any{"size": "10Gi"}, clusterOf(t, of).At("spec", "storage"))
}

// CloudNativePG would take another class for new instances, and say nothing.
func TestAnotherClassIsAReplacement(t *testing.T) {
	assert.Equal(t, []string{"spec.storage.storageClass"}, clusterOf(t, args()).ReplaceOnChanges)
}

func TestWhatHoldsDataIsProtectedAndKept(t *testing.T) {
	for _, protect := range []bool{true, false} {
		of := args()
		of.Protect = protect
		recording := built(t, of)
		for _, kind := range []string{clusterType, databaseType, roleType, externalType} {
			for _, one := range recording.Each(t, kind) {
				assert.Equal(t, protect, one.Protect, one.Name)
				assert.True(t, one.RetainOnDelete, one.Name)
			}
		}
	}
}

func TestEachDeclaringServiceHasARoleAndADatabase(t *testing.T) {
	recording := built(t, args())
	assert.Equal(t, []string{"postgres-ai-tutor-role", "postgres-user-role"}, mocktest.Names(recording.OfType(roleType)))
	role := recording.Get(t, roleType, "postgres-ai-tutor-role")
	assert.Equal(t, map[string]any{
		"cluster": map[string]any{"name": "postgres"}, "name": "ai-tutor", "login": true,
		"passwordSecret":            map[string]any{"name": "ai-tutor-service-database-url"},
		"databaseRoleReclaimPolicy": "retain",
	}, role.At("spec"), "and nothing by which it could do more")
	database := recording.Get(t, databaseType, "postgres-ai-tutor-database")
	assert.Equal(t, map[string]any{
		"cluster": map[string]any{"name": "postgres"}, "name": "ai-tutor", "owner": "ai-tutor",
		"databaseReclaimPolicy": "retain",
	}, database.At("spec"))
	assert.Len(t, recording.OfType(databaseType), 2)
}

func TestThePasswordIsDrawnIntoWhatTheOperatorAndThePodRead(t *testing.T) {
	secret := built(t, args()).Get(t, externalType, "postgres-ai-tutor-secret")
	template := secret.At("spec", "target", "template")
	assert.Equal(t, "kubernetes.io/basic-auth", mocktest.At(template, "type"))
	assert.Equal(t, "true", mocktest.At(template, "metadata", "labels", "cnpg.io/reload"))
	assert.Equal(t, map[string]any{
		"username": "ai-tutor", "password": "{{ .password }}",
		"DATABASE_URL": "postgresql://ai-tutor:{{ .password }}" +
			"@postgres-rw.dreamseed-test.svc.cluster.local:5432/ai-tutor?sslmode=require",
	}, mocktest.At(template, "data"))
}

func awaited(t *testing.T, one *mocktest.Resource) []string {
	t.Helper()
	annotation, _ := one.At("metadata", "annotations", "pulumi.com/waitFor").(string)
	var all []string
	require.NoError(t, json.Unmarshal([]byte(annotation), &all), annotation)
	return all
}

func TestEachStepIsAwaited(t *testing.T) {
	recording := built(t, args())
	one := recording.Get(t, clusterType, "postgres-cluster")
	assert.Equal(t, "condition=Ready", one.At("metadata", "annotations", "pulumi.com/waitFor"))
	assert.Equal(t, "1205s", one.CreateTimeout)
	one.AssertDependsOn(t, mocktest.EarlierRef)
	role := recording.Get(t, roleType, "postgres-user-role")
	role.AssertDependsOn(t, one.Ref(), mocktest.Ref(externalType, "postgres-user-secret"))
	database := recording.Get(t, databaseType, "postgres-user-database")
	database.AssertDependsOn(t, role.Ref())
	for _, applied := range []*mocktest.Resource{role, database} {
		assert.Equal(t, []string{
			"jsonpath={.status.applied}=true",
			"jsonpath={$.status[?$.status.observedGeneration == $.metadata.generation]}",
		}, awaited(t, applied), "the present generation, and not a former one")
		assert.Equal(t, "305s", applied.CreateTimeout)
	}
	recording.Get(t, cronJobType, "postgres-user-backup").AssertDependsOn(t, database.Ref())
}

func TestEverythingIsBelowTheComponent(t *testing.T) {
	built(t, args()).AssertParents(t, "earlier", "postgres")
}

func TestAConnectionIsAFileAndWhatMustBeReady(t *testing.T) {
	var made *postgres.Postgres
	mocktest.Run(t, func(ctx *pulumi.Context) error {
		var err error
		made, err = postgres.New(ctx, "postgres", args())
		return err
	})
	require.Len(t, made.Connections, 2, "payment declares no database")
	connection := made.Connections["user"]
	assert.Equal(t, []secrets.Mounted{{Name: "user-service-database-url", Key: "DATABASE_URL"}}, connection.Files)
	assert.Len(t, connection.Ready, 3, "the password, the role and the database")
}

// cronJobs decodes the rendered CronJobs strictly, as the API server does, by the names of their objects.
func cronJobs(t *testing.T, of *postgres.Args) map[string]batchv1.CronJob {
	t.Helper()
	all := map[string]batchv1.CronJob{}
	for _, one := range built(t, of).Each(t, cronJobType) {
		encoded, err := json.Marshal(one.Inputs)
		require.NoError(t, err)
		decoder := json.NewDecoder(strings.NewReader(string(encoded)))
		decoder.DisallowUnknownFields()
		var decoded batchv1.CronJob
		require.NoError(t, decoder.Decode(&decoded), one.Name)
		all[decoded.Name] = decoded
	}
	return all
}

func TestEachServiceIsBackedUpDailyAndTheDrillIsWeekly(t *testing.T) {
	all := cronJobs(t, args())
	require.Len(t, all, 5)
	for name, want := range map[string]struct {
		schedule  string
		suspended bool
		retries   int32
	}{
		"ai-tutor-backup":        {"0 2 * * *", false, 2},
		"user-backup":            {"30 2 * * *", false, 2},
		"ai-tutor-restore":       {"0 0 31 2 *", true, 0},
		"user-restore":           {"0 0 31 2 *", true, 0},
		"postgres-restore-drill": {"30 4 * * 0", false, 0},
	} {
		one, found := all[name]
		require.True(t, found, name)
		assert.Equal(t, want.schedule, one.Spec.Schedule, name)
		assert.Equal(t, "Etc/UTC", *one.Spec.TimeZone)
		assert.Equal(t, want.suspended, *one.Spec.Suspend, name)
		assert.Equal(t, want.retries, *one.Spec.JobTemplate.Spec.BackoffLimit, "a restore that failed is for a person")
		assert.Equal(t, batchv1.ForbidConcurrent, one.Spec.ConcurrencyPolicy)
		assert.Positive(t, *one.Spec.FailedJobsHistoryLimit, "a failed Job can be seen")
		assert.Positive(t, *one.Spec.JobTemplate.Spec.ActiveDeadlineSeconds)
	}
}

func TestADrillNearMidnightIsOnMonday(t *testing.T) {
	of := args()
	of.Spec.Backup.Hour = 23
	assert.Equal(t, "30 1 * * 1", cronJobs(t, of)["postgres-restore-drill"].Spec.Schedule)
}

func TestThePodsOfJobsAreRestricted(t *testing.T) {
	evaluator, err := policy.NewEvaluator(policy.DefaultChecks(), nil)
	require.NoError(t, err)
	level := api.LevelVersion{Level: api.LevelRestricted, Version: api.LatestVersion()}
	for name, one := range cronJobs(t, args()) {
		template := one.Spec.JobTemplate.Spec.Template
		for _, result := range evaluator.EvaluatePod(level, &template.ObjectMeta, &template.Spec) {
			assert.True(t, result.Allowed, "%s: %s", name, result.ForbiddenDetail)
		}
		assert.False(t, *template.Spec.AutomountServiceAccountToken)
		assert.NotContains(t, template.Labels, "app.kubernetes.io/part-of")
		labels := map[string]string{"app.kubernetes.io/name": name, "app.kubernetes.io/component": "backup"}
		assert.Equal(t, labels, template.Labels)
		for _, container := range append(template.Spec.InitContainers, template.Spec.Containers...) {
			assert.True(t, *container.SecurityContext.ReadOnlyRootFilesystem, name)
			assert.NotEmpty(t, container.Resources.Limits, "under a quota, it would be refused")
			assert.NotEmpty(t, container.Resources.Requests)
			assert.Equal(t, "FallbackToLogsOnError", string(container.TerminationMessagePolicy))
			assert.Empty(t, container.EnvFrom)
			for _, variable := range container.Env {
				assert.Nil(t, variable.ValueFrom, "%s: %s", name, variable.Name)
			}
		}
	}
}

func TestTheDrillKnowsNoPasswordOfADatabase(t *testing.T) {
	all := cronJobs(t, args())
	volumes := func(name string) []string {
		var found []string
		for _, volume := range all[name].Spec.JobTemplate.Spec.Template.Spec.Volumes {
			if volume.Secret != nil {
				found = append(found, volume.Secret.SecretName)
				assert.Equal(t, int32(0o440), *volume.Secret.DefaultMode)
			}
		}
		return found
	}
	assert.Equal(t, []string{"backups-object-storage"}, volumes("postgres-restore-drill"))
	assert.Equal(t, []string{"backups-object-storage", "user-service-database-url"}, volumes("user-backup"))
}

func TestWithoutRetentionNothingIsDumped(t *testing.T) {
	of := args()
	of.Spec.Backup = postgres.Backup{}
	of.ObjectStorage = postgres.ObjectStorage{}
	recording := built(t, of)
	assert.Empty(t, recording.OfType(cronJobType))
	assert.Len(t, recording.OfType(databaseType), 2)
}

func TestBackupsNeedAnObjectStore(t *testing.T) {
	of := args()
	of.ObjectStorage = postgres.ObjectStorage{}
	_, err := mocktest.Try(func(ctx *pulumi.Context) error {
		_, err := postgres.New(ctx, "postgres", of)
		return err
	})
	assert.ErrorIs(t, err, postgres.ErrNoObjectStorage)
}
