package main

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const (
	role = `
apiVersion: postgresql.cnpg.io/v1
kind: DatabaseRole
metadata: {name: auth, generation: 3, uid: role}
spec: {cluster: {name: postgres}, name: auth, passwordSecret: {name: auth-database-url}}
`
	database = `
apiVersion: postgresql.cnpg.io/v1
kind: Database
metadata: {name: auth, generation: 2, uid: database}
spec: {cluster: {name: postgres}, name: auth, owner: auth}
`
	secret = `
apiVersion: v1
kind: Secret
metadata: {name: auth-database-url, resourceVersion: "7"}
data: {username: YXV0aA==, password: c2VjcmV0}
`
)

func TestARoleAndItsDatabaseAreApplied(t *testing.T) {
	i := with(t, led, first, role, database, secret)
	looked(t, i)
	made := read[managed](t, i, roles, "auth")
	assert.True(t, made.isApplied(), made.Status.Message)
	assert.Equal(t, int64(3), made.Status.ObservedGeneration)
	assert.Equal(t, "7", made.Status.SecretResourceVersion, "of the Secret whose password was set")
	assert.Equal(t, []string{roleFinalizer}, made.Finalizers)

	made = read[managed](t, i, databases, "auth")
	assert.True(t, made.isApplied(), made.Status.Message)
	assert.Equal(t, int64(2), made.Status.ObservedGeneration)
	assert.Equal(t, []string{databaseFinalizer}, made.Finalizers)
}

func TestWhatPostgreSQLWouldRefuseIsRefused(t *testing.T) {
	tests := map[string]struct {
		objects []string
		kind    string
		says    string
	}{
		"no owner": {[]string{database}, "database", `role "auth" does not exist`},
		"an owner that could not be made": {
			[]string{database, role}, "database", `role "auth" does not exist`,
		},
		"no Secret": {[]string{role}, "role", `secrets "auth-database-url" not found`},
		"a Secret of another user": {[]string{role, `
apiVersion: v1
kind: Secret
metadata: {name: auth-database-url}
data: {username: b3RoZXI=, password: c2VjcmV0}
`}, "role", `wrong username "other" in secret, expected "auth"`},
		"no password": {[]string{role, `
apiVersion: v1
kind: Secret
metadata: {name: auth-database-url}
data: {username: YXV0aA==}
`}, "role", "the secret has no password"},
		"a database of another object": {[]string{role, secret, database, `
apiVersion: postgresql.cnpg.io/v1
kind: Database
metadata: {name: before, generation: 1, uid: before}
spec: {cluster: {name: postgres}, name: auth, owner: auth}
status: {applied: true, observedGeneration: 1}
`}, "database", `"auth" is already managed by object "before"`},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			i := with(t, append([]string{led, first}, test.objects...)...)
			looked(t, i)
			kind := databases
			if test.kind == "role" {
				kind = roles
			}
			refused := read[managed](t, i, kind, "auth")
			require.NotNil(t, refused.Status.Applied)
			assert.False(t, *refused.Status.Applied)
			assert.Contains(t, refused.Status.Message, test.says)
			assert.Zero(t, refused.Status.ObservedGeneration, "it is tried again")
		})
	}
}

func TestWhatWasRefusedIsAppliedOnceItCanBe(t *testing.T) {
	i := with(t, led, first, role, database)
	looked(t, i)
	require.False(t, read[managed](t, i, databases, "auth").isApplied())
	complete := with(t, secret)
	found, err := complete.api.Resource(secrets).Namespace("shop").Get(t.Context(), "auth-database-url", getOptions)
	require.NoError(t, err)
	_, err = i.api.Resource(secrets).Namespace("shop").Create(t.Context(), found, createOptions)
	require.NoError(t, err)
	looked(t, i)
	made := read[managed](t, i, databases, "auth")
	assert.True(t, made.isApplied())
	assert.Empty(t, made.Status.Message)
}

func TestTheFirstDatabasesOwnerAndTheSuperuserAreThere(t *testing.T) {
	var one cluster
	one.Spec.Bootstrap.InitDB.Owner = "app"
	require.NoError(t, one.isThere("app", nil))
	require.NoError(t, one.isThere("postgres", nil))
	assert.Error(t, one.isThere("auth", nil), "the control")
}

func TestNothingIsAppliedWithoutAPrimary(t *testing.T) {
	for name, objects := range map[string][]string{
		"it does not run":          {led, role, secret},
		"another one is to lead":   {switched, first, starting, role, secret},
		"it is of another cluster": {led, ofAnother, role, secret},
	} {
		t.Run(name, func(t *testing.T) {
			i := with(t, objects...)
			looked(t, i)
			assert.Nil(t, read[managed](t, i, roles, "auth").Status.Applied)
		})
	}
}

func TestAChangedPasswordIsSet(t *testing.T) {
	var one managed
	one.Generation, one.Status.ObservedGeneration = 1, 1
	one.Status.Applied = new(true)
	require.True(t, one.applied())
	one.Status.Conditions = append(one.Status.Conditions, passwordChange("8"))
	assert.False(t, one.applied(), "the operator has seen another version of the Secret")
	one.Status.SecretResourceVersion = "8"
	assert.True(t, one.applied())
}

func TestAnObjectThatIsDeletedIsLetGo(t *testing.T) {
	i := with(t, led, first, `
apiVersion: postgresql.cnpg.io/v1
kind: Database
metadata:
  name: auth
  deletionTimestamp: "2026-01-01T00:00:00Z"
  finalizers: [example.com/other, cnpg.io/deleteDatabase]
spec: {cluster: {name: postgres}, name: auth, owner: app}
`)
	looked(t, i)
	left := read[managed](t, i, databases, "auth")
	assert.Equal(t, []string{"example.com/other"}, left.Finalizers)
	assert.Nil(t, left.Status.Applied)
}
