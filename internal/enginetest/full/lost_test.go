package full

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"

	"github.com/dreamseed/platform/data/postgres/postgrestest"
	"github.com/dreamseed/platform/internal/enginetest/testbed"
)

// The database of user, as its migrations make it, and as people then fill it.
const (
	migrated = `
		CREATE TABLE alembic_version (version_num text PRIMARY KEY); INSERT INTO alembic_version VALUES ('0007');
		CREATE TABLE users (id serial PRIMARY KEY, name text);`
	filled = `INSERT INTO users (name) SELECT 'user ' || n FROM generate_series(1, 1000) n;`
)

// databaseSecret is the Secret with which user signs in.
const databaseSecret = "user-service-database-url"

// TestDataSurvivesOtherHands changes the stores as another hand does, loses the namespace, and takes a need away.
func TestDataSurvivesOtherHands(t *testing.T) {
	storing.AsTracked(t)
	storing.Closed(t)
	t.Run("drift is found and taken back", findsDriftOfStores)
	t.Run("a lost namespace comes back from its backups", losesTheNamespace)
	t.Run("what nobody declares stays", keepsWhatNobodyDeclares)
}

// losesTheNamespace loses everything that the stack has in its namespace, but not the bucket of the backups, which is
// elsewhere, or on a retained volume. The pods of the Jobs run here, as the cluster has them, with a real PostgreSQL.
func losesTheNamespace(t *testing.T) {
	bucket := postgrestest.Folder(t)
	first := storing.SecretValue(t, namespace, databaseSecret, "password")
	runs := jobs{t: t, store: bucket, server: serverOf(t, first, migrated+filled)}
	assert.Contains(t, runs.command("backup"), "Uploaded it to the bucket backups as user/")

	storing.Kubectl(t, "delete", "namespace", namespace, "--wait", "--timeout=3m")
	require.Empty(t, storing.List(t, "namespaces", "--field-selector=metadata.name="+namespace))
	storing.Repair(t)
	assert.Zero(t, storing.Preview(t, testbed.WithLiveObjects).Changes(), "everything is there again")

	second := storing.SecretValue(t, namespace, databaseSecret, "password")
	assert.NotEqual(t, first, second, "it is drawn in the cluster, and nowhere else")
	eventually(t, func() string {
		seen := storing.Kubectl(t, "get", "databaserole", "user", "--namespace="+namespace, "--output=jsonpath="+
			"{.status.applied} {.status.secretResourceVersion}")
		if want := "true " + storing.Kubectl(t, "get", "secret", databaseSecret, "--namespace="+namespace,
			"--output=jsonpath={.metadata.resourceVersion}"); seen != want {
			return "the role of user is " + seen + ", not " + want
		}
		return ""
	})

	runs.server = serverOf(t, second, migrated)
	assert.Regexp(t, `(?s)^Waiting for .*Restored user to \d{8}T\d{6}Z\..* 0 +1000  public\.users\n`,
		runs.command("restore"))
	assert.Equal(t, "1000", runs.server.Query(t, "user", "user", "SELECT count(*) FROM users"))
}

// keepsWhatNobodyDeclares takes the need of a service away, and gives it back.
func keepsWhatNobodyDeclares(t *testing.T) {
	password := storing.SecretValue(t, namespace, "auth-service-database-url", "password")
	const kinds = "databases.postgresql.cnpg.io,databaseroles.postgresql.cnpg.io"
	declared := func() []string {
		var uids []string
		for _, one := range storing.Each(t, kinds, "--namespace="+namespace, "--field-selector=metadata.name=auth") {
			uids = append(uids, one.Metadata.UID)
		}
		return uids
	}
	before := declared()
	require.Len(t, before, 2)
	goes := func(c testbed.Configuration) { testbed.Service(c, "auth")["needs"] = map[string]any{"postgres": false} }
	_, printed, err := storing.TryChange(t, goes)
	require.Error(t, err)
	assert.Contains(t, printed+err.Error(), `services.auth.needs.postgres is false: it must declare auth`)
	assert.Equal(t, before, declared(), "nothing was changed")
	storing.Change(t, func(c testbed.Configuration) {
		goes(c)
		c["dreamseed:data"].(map[string]any)["letGo"] = []any{"postgres/auth"}
	})
	deployment := storing.Kubectl(t, "get", "deployment", "auth-service", "--namespace="+namespace, "--output=yaml")
	assert.NotContains(t, deployment, "DATABASE_URL", "the service has it no more")
	assert.Equal(t, before, declared(), "its database and its role stay")

	storing.Up(t, testbed.Tracked)
	assert.Equal(t, before, declared())
	assert.Equal(t, password, storing.SecretValue(t, namespace, "auth-service-database-url", "password"))
}

// serverOf starts a PostgreSQL as the operator leaves it: with the role and the database of user.
func serverOf(t *testing.T, password, content string) *postgrestest.Server {
	t.Helper()
	server := postgrestest.Start(t)
	server.Query(t, "postgres", "postgres", fmt.Sprintf(`CREATE ROLE "user" LOGIN PASSWORD '%s'`, password))
	server.Query(t, "postgres", "postgres", `CREATE DATABASE "user" OWNER "user"`)
	server.Query(t, "user", "user", content)
	return server
}

// jobs run the pods of the Jobs that the command line makes.
type jobs struct {
	t      *testing.T
	store  string
	server *postgrestest.Server
}

// everyNode selects the nodes of the sandbox.
const everyNode = "--selector=kubernetes.io/hostname"

// command runs `dreamseed data`, and the pod for which it waits. The scheduler finds no node for that pod: otherwise
// the sandbox would simulate it.
func (j jobs) command(action string) string {
	j.t.Helper()
	storing.Kubectl(j.t, "cordon", everyNode)
	said := make(chan string, 1)
	go func() { said <- dreamseedOn(j.t, storing, "data", action, "--stack=local-storing", "--service=user") }()
	j.run("user-" + action)
	printed := <-said
	storing.Kubectl(j.t, "uncordon", everyNode)
	return printed
}

// run waits for the pod of a task, runs it, and tells the cluster how it ended, as the kubelet of a node does.
func (j jobs) run(task string) {
	j.t.Helper()
	pod := j.waiting(task)
	kubelet := postgrestest.Kubelet{Server: j.server, Store: j.store, Files: j.files}
	left := kubelet.Run(j.t, &pod.Spec, nil)
	require.Zero(j.t, left.Last().Code, left.Last().Output)
	ended := map[string][]corev1.ContainerStatus{}
	for i, one := range left.Ended {
		list := "initContainerStatuses"
		if i == len(left.Ended)-1 {
			list = "containerStatuses"
		}
		ended[list] = append(ended[list], corev1.ContainerStatus{
			Name: one.Container, State: corev1.ContainerState{
				Terminated: &corev1.ContainerStateTerminated{Reason: "Completed", Message: one.Message},
			},
		})
	}
	status, err := json.Marshal(map[string]any{"status": map[string]any{
		"phase": corev1.PodSucceeded, "initContainerStatuses": ended["initContainerStatuses"],
		"containerStatuses": ended["containerStatuses"],
	}})
	require.NoError(j.t, err)
	storing.Kubectl(j.t, "patch", "pod", pod.Name, "--namespace="+namespace, "--subresource=status", "--type=merge",
		"--patch="+string(status))
}

// waiting returns the pod of a task that waits for a node.
func (j jobs) waiting(task string) corev1.Pod {
	j.t.Helper()
	var found corev1.PodList
	eventually(j.t, func() string {
		printed := storing.Kubectl(j.t, "get", "pods", "--namespace="+namespace, "--output=json",
			"--selector=app.kubernetes.io/name="+task, "--field-selector=status.phase=Pending")
		require.NoError(j.t, json.Unmarshal([]byte(printed), &found))
		if len(found.Items) != 1 {
			return fmt.Sprintf("%d pods of %s wait for a node", len(found.Items), task)
		}
		return ""
	})
	return found.Items[0]
}

// files returns the files of a volume, as the API server has them.
func (j jobs) files(volume corev1.Volume) map[string]string {
	j.t.Helper()
	content := map[string]string{}
	switch {
	case volume.ConfigMap != nil:
		config := storing.List(j.t, "configmaps", "--namespace="+namespace,
			"--field-selector=metadata.name="+volume.ConfigMap.Name)
		require.Len(j.t, config, 1, volume.ConfigMap.Name)
		require.NotEmpty(j.t, config[0].Data)
		for name, text := range config[0].Data {
			content[name] = text.(string)
		}
	case volume.Secret != nil:
		secret := storing.List(j.t, "secrets", "--namespace="+namespace,
			"--field-selector=metadata.name="+volume.Secret.SecretName)
		require.Len(j.t, secret, 1, volume.Secret.SecretName)
		for _, item := range volume.Secret.Items {
			text, err := base64.StdEncoding.DecodeString(secret[0].Data[item.Key].(string))
			require.NoError(j.t, err)
			content[item.Path] = string(text)
		}
	}
	return content
}
