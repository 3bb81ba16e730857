package postgres_test

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"

	"github.com/dreamseed/platform/data/postgres"
	"github.com/dreamseed/platform/data/postgres/postgrestest"
	"github.com/dreamseed/platform/internal/mocktest"
)

// password is that of every service. The tests look for it where it must not be.
const password = "VERYSECRET0password1of2a3test4"

// world is a real PostgreSQL with the databases of two services, and a folder as the object store.
type world struct {
	t         testing.TB
	server    *postgrestest.Server
	recording *mocktest.Recording
	// scripts are the rendered scripts, by the names of their files.
	scripts map[string]string
	// bucket is the folder with the backups.
	bucket string
}

// newWorld starts the server with the rules that the program renders.
func newWorld(tb testing.TB) *world {
	tb.Helper()
	postgrestest.Require(tb, "rclone", "awk", "bash")
	recording := built(tb, args())
	one := &world{
		t: tb, recording: recording, server: postgrestest.Start(tb, renderedRules(tb, recording)...),
		scripts: map[string]string{}, bucket: postgrestest.Folder(tb),
	}
	files, err := postgres.Scripts()
	require.NoError(tb, err)
	config := recording.Each(tb, configMapType)[0]
	for name, content := range files {
		require.Equal(tb, content, config.At("data", name))
		one.scripts[name] = content
	}
	for _, service := range []string{"ai-tutor", "user"} {
		one.server.Query(tb, "postgres", "postgres", `CREATE ROLE "`+service+`" LOGIN PASSWORD '`+password+`'`)
		one.server.Query(tb, "postgres", "postgres", `CREATE DATABASE "`+service+`" OWNER "`+service+`"`)
	}
	return one
}

// again returns the world for a subtest as backedUp left it: with the databases and the backups of that time.
func (w *world) again(t *testing.T) *world {
	t.Helper()
	one := *w
	one.t, one.bucket = t, postgrestest.Folder(t)
	backups := filepath.Join(w.bucket, "backups")
	require.NoError(t, postgrestest.Command(t.Context(), t, nil, "cp", "--recursive", backups, one.bucket).Run())
	for _, service := range []string{"ai-tutor", "user"} {
		w.server.Query(t, "postgres", "postgres", `DROP DATABASE IF EXISTS "`+service+`" WITH (FORCE)`)
		w.server.Query(t, "postgres", "postgres",
			`CREATE DATABASE "`+service+`" TEMPLATE "saved-`+service+`" OWNER "`+service+`"`)
	}
	return &one
}

func renderedRules(tb testing.TB, recording *mocktest.Recording) []string {
	tb.Helper()
	rendered, _ := recording.Get(tb, clusterType, "postgres-cluster").At("spec", "postgresql", "pg_hba").([]any)
	require.NotEmpty(tb, rendered)
	var rules []string
	for _, rule := range rendered {
		rules = append(rules, rule.(string))
	}
	return rules
}

// sql runs SQL in the database of a service, as the service.
func (w *world) sql(service, sql string) string {
	w.t.Helper()
	return w.server.Query(w.t, service, service, sql)
}

// outcome is what a pod of a Job leaves.
type outcome struct {
	// code is the exit code of the last container that ran.
	code int
	// message is its termination message, and output what all of them printed.
	message, output string
	// work is the work directory.
	work string
}

// play runs the containers of a CronJob's pod as the program renders it. more are the variables that somebody sets.
func (w *world) play(cronJob string, more map[string]string) outcome {
	w.t.Helper()
	kubelet := postgrestest.Kubelet{Server: w.server, Store: w.bucket, Files: w.files}
	left := kubelet.Run(w.t, podOf(w.t, w.recording.Get(w.t, cronJobType, "postgres-"+cronJob)), more)
	end := outcome{code: left.Last().Code, message: left.Last().Message, work: left.Volumes["work"]}
	for _, one := range left.Ended {
		end.output += one.Output
	}
	assert.NotContains(w.t, end.output, password)
	return end
}

// podOf returns the pod of a CronJob.
func podOf(tb testing.TB, cronJob *mocktest.Resource) *corev1.PodSpec {
	tb.Helper()
	text, err := json.Marshal(cronJob.At("spec", "jobTemplate", "spec", "template", "spec"))
	require.NoError(tb, err)
	var pod corev1.PodSpec
	require.NoError(tb, json.Unmarshal(text, &pod))
	return &pod
}

// files returns the files of a volume: the scripts, or the keys of a Secret.
func (w *world) files(volume corev1.Volume) map[string]string {
	w.t.Helper()
	switch {
	case volume.ConfigMap != nil:
		return w.scripts
	case volume.Secret == nil:
		return nil
	}
	content := map[string]string{}
	for _, item := range volume.Secret.Items {
		content[item.Path] = password
		if item.Key == "username" {
			content[item.Path] = strings.TrimSuffix(volume.Secret.SecretName, "-service-database-url")
		}
	}
	return content
}
