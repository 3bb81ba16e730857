package postgres_test

import (
	"errors"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/data/postgres"
	"github.com/dreamseed/platform/data/postgres/postgrestest"
	"github.com/dreamseed/platform/internal/mocktest"
)

// password is that of every service. The tests look for it where it must not be.
const password = "VERYSECRET0password1of2a3test4"

// world is a real PostgreSQL with the databases of two services, and a folder as the object store.
type world struct {
	t         *testing.T
	server    *postgrestest.Server
	recording *mocktest.Recording
	scripts   string
	// bucket is the folder with the backups.
	bucket string
	// credentials has the files of the Secrets.
	credentials string
}

// newWorld starts the server with the rules that the program renders.
func newWorld(t *testing.T) *world {
	t.Helper()
	postgrestest.Require(t, "rclone", "awk", "bash")
	recording := built(t, args())
	one := &world{
		t: t, recording: recording, server: postgrestest.Start(t, renderedRules(t, recording)...),
		scripts: postgrestest.Folder(t), bucket: postgrestest.Folder(t), credentials: postgrestest.Folder(t),
	}
	files, err := postgres.Scripts()
	require.NoError(t, err)
	config := recording.Each(t, configMapType)[0]
	for name, content := range files {
		require.Equal(t, content, config.At("data", name))
		postgrestest.Give(t, one.scripts, name, content)
	}
	for _, key := range []string{"ENDPOINT", "ACCESS_KEY_ID", "SECRET_ACCESS_KEY"} {
		postgrestest.Give(t, one.credentials, "OBJECT_STORAGE_"+key, password)
	}
	postgrestest.Give(t, one.credentials, "password", password)
	for _, service := range []string{"ai-tutor", "user"} {
		one.server.Query(t, "postgres", "postgres", `CREATE ROLE "`+service+`" LOGIN PASSWORD '`+password+`'`)
		one.server.Query(t, "postgres", "postgres", `CREATE DATABASE "`+service+`" OWNER "`+service+`"`)
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

func renderedRules(t *testing.T, recording *mocktest.Recording) []string {
	t.Helper()
	rendered, _ := recording.Get(t, clusterType, "postgres-cluster").At("spec", "postgresql", "pg_hba").([]any)
	require.NotEmpty(t, rendered)
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

// play runs the containers of a CronJob's pod one after the other, with the commands and the variables that the program
// renders, until one fails. Directories and addresses are those of this machine; more are the variables that somebody
// sets.
func (w *world) play(cronJob string, more map[string]string) outcome {
	w.t.Helper()
	one := w.recording.Get(w.t, cronJobType, "postgres-"+cronJob)
	pod := one.At("spec", "jobTemplate", "spec", "template", "spec")
	containers, _ := mocktest.At(pod, "initContainers").([]any)
	last, _ := mocktest.At(pod, "containers").([]any)
	require.Len(w.t, last, 1)
	end := outcome{work: postgrestest.Folder(w.t)}
	for _, container := range append(containers, last...) {
		w.playOne(container, more, &end)
		if end.code != 0 {
			break
		}
	}
	assert.NotContains(w.t, end.output, password)
	return end
}

func (w *world) playOne(container any, more map[string]string, end *outcome) {
	w.t.Helper()
	result := filepath.Join(postgrestest.Folder(w.t), "result")
	environment := w.here(variables(container), end.work, result)
	maps.Copy(environment, more)
	words, _ := mocktest.At(container, "command").([]any)
	require.Len(w.t, words, 2)
	script := strings.Replace(words[1].(string), "/scripts", w.scripts, 1)
	command := postgrestest.Command(w.t.Context(), w.t, environment, words[0].(string), script)
	printed, err := command.CombinedOutput()
	end.output += string(printed)
	end.code = exitCode(w.t, err)
	left, _ := os.ReadFile(result)
	end.message = strings.TrimSpace(string(left))
}

func exitCode(t *testing.T, err error) int {
	t.Helper()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return exit.ExitCode()
	}
	require.NoError(t, err)
	return 0
}

// variables returns the rendered variables of a container.
func variables(container any) map[string]string {
	all := map[string]string{}
	list, _ := mocktest.At(container, "env").([]any)
	for _, one := range list {
		value, _ := mocktest.At(one, "value").(string)
		all[mocktest.At(one, "name").(string)] = value
	}
	return all
}

// here replaces the directories and addresses of the cluster by those of this machine. The remote store is a folder.
func (w *world) here(environment map[string]string, work, result string) map[string]string {
	w.t.Helper()
	for name, value := range map[string]string{
		"SCRIPTS": w.scripts, "WORK": work, "TMPDIR": work, "HOME": work, "RESULT": result,
		"DATABASE": w.credentials, "OBJECT_STORAGE": w.credentials,
		"PGHOST": "127.0.0.1", "RCLONE_CONFIG_STORE_TYPE": "alias",
	} {
		if _, rendered := environment[name]; rendered {
			environment[name] = value
		}
	}
	if service, signsIn := environment["PGDATABASE"]; signsIn {
		environment["PGPORT"] = strconv.Itoa(w.server.Port)
		postgrestest.Give(w.t, w.credentials, "username", service)
	}
	if _, talks := environment["RCLONE_CONFIG_STORE_TYPE"]; talks {
		environment["RCLONE_CONFIG_STORE_REMOTE"] = w.bucket
	}
	return environment
}
