package postgres_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/pod-security-admission/api"
	"k8s.io/pod-security-admission/policy"

	"github.com/dreamseed/platform/data/postgres/postgrestest"
	"github.com/dreamseed/platform/internal/mocktest"
)

// provisionerPod returns the pod of the Job, which is also that of the suspended CronJob.
func provisionerPod(t *testing.T, recording *mocktest.Recording) *corev1.PodSpec {
	t.Helper()
	job, cronJob := recording.Each(t, jobType)[0], recording.Each(t, cronJobType)[0]
	assert.Equal(t, job.At("spec"), cronJob.At("spec", "jobTemplate", "spec"))
	assert.Equal(t, true, cronJob.At("spec", "suspend"))
	text, err := json.Marshal(job.At("spec", "template", "spec"))
	require.NoError(t, err)
	var pod corev1.PodSpec
	require.NoError(t, json.Unmarshal(text, &pod))
	return &pod
}

func TestTheProvisionerIsKnownToTheCloudAlone(t *testing.T) {
	recording, _ := managed(t, one())
	account := recording.Get(t, accountType, "postgres-provisioner")
	assert.Equal(t, "provisioner", account.At("metadata", "annotations", "cloud.test/identity"))
	pod := provisionerPod(t, recording)
	assert.Equal(t, "postgres-provisioner", pod.ServiceAccountName)
	require.NotNil(t, pod.AutomountServiceAccountToken)
	assert.False(t, *pod.AutomountServiceAccountToken)
	evaluator, err := policy.NewEvaluator(policy.DefaultChecks(), nil)
	require.NoError(t, err)
	level := api.LevelVersion{Level: api.LevelRestricted, Version: api.LatestVersion()}
	for _, result := range evaluator.EvaluatePod(level, &metav1.ObjectMeta{}, pod) {
		assert.True(t, result.Allowed, result.ForbiddenDetail)
	}
	assert.Equal(t, "postgres-provisioner",
		recording.Each(t, jobType)[0].At("spec", "template", "metadata", "labels", "app.kubernetes.io/name"),
		"policies know it by its name")
	for _, volume := range pod.Volumes {
		if volume.Name == "work" {
			assert.Equal(t, corev1.StorageMediumMemory, volume.EmptyDir.Medium, "the administrator's password is on no disk")
		}
	}
}

// provisioned runs the rendered pod on a real PostgreSQL, whose administrator is no superuser. Each service has the
// password that is given.
func provisioned(
	t *testing.T, server *postgrestest.Server, passwords map[string]string, variables map[string]string,
) postgrestest.Outcome {
	t.Helper()
	recording, _ := managed(t, one())
	kubelet := postgrestest.Kubelet{Server: server, Files: func(volume corev1.Volume) map[string]string {
		files := map[string]string{}
		switch {
		case volume.ConfigMap != nil:
			content, _ := recording.Each(t, configMapType)[0].At("data").(map[string]any)
			for name, text := range content {
				files[name] = text.(string)
			}
		case volume.Projected != nil:
			for _, source := range volume.Projected.Sources {
				service := strings.TrimSuffix(source.Secret.Name, "-service-database-url-1a2b3c")
				require.Equal(t, "password", source.Secret.Items[0].Key)
				files[source.Secret.Items[0].Path] = passwords[service]
			}
		}
		return files
	}}
	left := kubelet.Run(t, provisionerPod(t, recording), variables)
	for _, one := range left.Ended {
		for _, secret := range passwords {
			assert.NotContains(t, one.Output+one.Message, secret)
		}
		assert.NotContains(t, one.Output+one.Message, password)
	}
	return left
}

// startServer starts a server with an administrator as in a cloud.
func startServer(t *testing.T) *postgrestest.Server {
	t.Helper()
	postgrestest.Require(t, "bash")
	server := postgrestest.Start(t, "hostssl all all all scram-sha-256")
	server.Query(t, "postgres", "postgres",
		"CREATE ROLE administrator LOGIN CREATEROLE CREATEDB PASSWORD '"+password+"'")
	_, err := server.TryQuery(t, "administrator", "postgres", "CREATE ROLE more SUPERUSER")
	require.Error(t, err, "the control: it is no superuser")
	return server
}

func TestAnAdministratorOfACloudProvisionsDatabases(t *testing.T) {
	t.Parallel()
	server := startServer(t)
	first := map[string]string{"ai-tutor": "FIRSTofAI", "user": "its'ownWORD"}
	left := provisioned(t, server, first, nil)
	require.Zero(t, left.Last().Code, left.Last().Output)
	assert.Equal(t, "the database of ai-tutor is there\nthe database of user is there", left.Last().Message)
	_, err := server.SignIn(t, "ai-tutor", "FIRSTofAI", "ai-tutor", "require", "CREATE TABLE own (id int)")
	require.NoError(t, err)
	_, err = server.SignIn(t, "user", "its'ownWORD", "user", "require", "SELECT 1")
	require.NoError(t, err)
	printed, err := server.SignIn(t, "user", "its'ownWORD", "ai-tutor", "require", "SELECT 1")
	require.Error(t, err)
	assert.Contains(t, printed, `permission denied for database "ai-tutor"`)
	assert.Equal(t, "f|f|f|f|f", server.Query(t, "postgres", "postgres",
		"SELECT rolsuper, rolcreaterole, rolcreatedb, rolreplication, rolbypassrls FROM pg_roles WHERE rolname = 'user'"))

	second := provisioned(t, server, map[string]string{"ai-tutor": "SECONDofAI", "user": "its'ownWORD"}, nil)
	require.Zero(t, second.Last().Code, second.Last().Output)
	_, err = server.SignIn(t, "ai-tutor", "FIRSTofAI", "ai-tutor", "require", "SELECT 1")
	require.Error(t, err, "the former password")
	_, err = server.SignIn(t, "ai-tutor", "SECONDofAI", "ai-tutor", "require", "SELECT * FROM own")
	require.NoError(t, err, "the table is still there")
}

func TestAnAdministratorWhoIsRefusedMakesNothing(t *testing.T) {
	t.Parallel()
	server := startServer(t)
	left := provisioned(t, server, map[string]string{"ai-tutor": "FIRSTofAI", "user": "SECONDofUSER"},
		map[string]string{"GIVEN": "anotherWORD", "ATTEMPTS": "1"})
	assert.NotZero(t, left.Last().Code)
	assert.Contains(t, left.Last().Output, "password authentication failed")
	assert.Equal(t, "0", server.Query(t, "postgres", "postgres",
		"SELECT count(*) FROM pg_roles WHERE rolname IN ('ai-tutor', 'user')"))
}
