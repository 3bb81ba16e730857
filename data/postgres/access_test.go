package postgres_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestAServiceReachesItsOwnDatabaseAlone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.sql("user", "CREATE TABLE users (id int)")
	for name, c := range map[string]struct{ role, database, password, tls, refused, reason string }{
		"its own":            {"user", "user", password, "require", "", "that is what it is for"},
		"a name with hyphen": {"ai-tutor", "ai-tutor", password, "require", "", "names of services have them"},
		"a neighbour's": {
			"user", "ai-tutor", password, "require", "pg_hba.conf rejects connection",
			"it is not of its name",
		},
		"that of the server": {
			"user", "postgres", password, "require", "pg_hba.conf rejects connection",
			"everybody's catalogue",
		},
		"without TLS": {
			"user", "user", password, "disable", "pg_hba.conf rejects connection",
			"the password's exchange is no secret channel",
		},
		"a wrong password": {"user", "user", "wrong", "require", "password authentication failed", "it proves who asks"},
		"the superuser": {
			"postgres", "postgres", password, "require", "password authentication failed",
			"it has no password",
		},
		"replication": {
			"user", "replication=true", password, "require", "no pg_hba.conf entry for replication",
			"all data would go out",
		},
	} {
		t.Run(name, func(t *testing.T) {
			printed, err := w.server.SignIn(t, c.role, c.password, c.database, c.tls, "SELECT current_user")
			if c.refused == "" {
				require.NoError(t, err, printed)
				assert.Equal(t, c.role, printed)
				return
			}
			require.Error(t, err, c.reason)
			assert.Contains(t, printed, c.refused)
		})
	}
}

func TestAServiceMayDoNothingBeyondItsDatabase(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for statement, says := range map[string]string{
		`CREATE DATABASE further`:           "permission denied to create database",
		`CREATE ROLE further`:               "permission denied to create role",
		`ALTER ROLE "user" SUPERUSER`:       "must be superuser",
		`SELECT pg_read_file('/etc/hosts')`: "permission denied for function pg_read_file",
		`COPY pg_class TO PROGRAM 'cat'`:    "must be superuser or have privileges of the pg_execute_server_program role",
	} {
		printed, err := w.server.TryQuery(t, "user", "user", statement)
		require.Error(t, err, statement)
		assert.Contains(t, printed, says, statement)
	}
}
