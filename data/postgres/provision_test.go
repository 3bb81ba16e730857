package postgres_test

import (
	"os"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/data/postgres/postgrestest"
)

// provision runs the script as a role that may make roles and databases, as the administrator in a cloud, and returns
// what psql prints.
func provision(t *testing.T, server *postgrestest.Server, service, password string) string {
	t.Helper()
	content, err := os.ReadFile("provision.sql")
	require.NoError(t, err)
	folder := postgrestest.Folder(t)
	postgrestest.Give(t, folder, "provision.sql", string(content))
	psql := postgrestest.Command(t.Context(), t, map[string]string{
		"PGHOST": server.Folder, "PGPORT": strconv.Itoa(server.Port),
	}, "psql", "--no-psqlrc", "--quiet", "--username=administrator", "--dbname=postgres", "--set=ON_ERROR_STOP=1",
		"--set=service="+service, "--set=password="+password, "--file="+folder+"/provision.sql")
	printed, err := psql.CombinedOutput()
	require.NoError(t, err, string(printed))
	return string(printed)
}

func TestAnAdministratorOfACloudProvisionsDatabases(t *testing.T) {
	t.Parallel()
	server := postgrestest.Start(t)
	server.Query(t, "postgres", "postgres", "CREATE ROLE administrator LOGIN CREATEROLE CREATEDB")
	_, err := server.TryQuery(t, "administrator", "postgres", "CREATE ROLE more SUPERUSER")
	require.Error(t, err, "the control: it is no superuser")
	assert.Empty(t, provision(t, server, "ai-tutor", "first"))
	assert.Empty(t, provision(t, server, "user", "its'own"))
	assert.Empty(t, provision(t, server, "ai-tutor", "second"), "again, with another password")

	_, err = server.SignIn(t, "ai-tutor", "first", "ai-tutor", "require", "SELECT 1")
	require.Error(t, err, "the former password")
	_, err = server.SignIn(t, "ai-tutor", "second", "ai-tutor", "require", "CREATE TABLE own (id int)")
	require.NoError(t, err)
	_, err = server.SignIn(t, "user", "its'own", "user", "require", "SELECT 1")
	require.NoError(t, err)
	printed, err := server.SignIn(t, "user", "its'own", "ai-tutor", "require", "SELECT 1")
	require.Error(t, err)
	assert.Contains(t, printed, `permission denied for database "ai-tutor"`)
	assert.Equal(t, "f|f|f|f|f", server.Query(t, "postgres", "postgres",
		"SELECT rolsuper, rolcreaterole, rolcreatedb, rolreplication, rolbypassrls FROM pg_roles WHERE rolname = 'user'"))
}
