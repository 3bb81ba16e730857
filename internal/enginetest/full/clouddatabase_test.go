package full

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/internal/changes"
	"github.com/dreamseed/platform/internal/enginetest/testbed"
)

const serverType = "gcp:sql/databaseInstance:DatabaseInstance"

// withServer has the cloud run PostgreSQL, with a change of the section of its server.
func (p *production) withServer(t *testing.T, change func(section)) func(testbed.Configuration) {
	t.Helper()
	return func(c testbed.Configuration) {
		p.onCloud(t, asDocumented)(c)
		server := section{"tier": "db-custom-2-7680"}
		change(server)
		c["dreamseed:data"].(section)["postgres"] = section{"mode": "managed", "managed": server}
	}
}

// assertServers asserts what a run did to the servers.
func assertServers(t *testing.T, summary changes.Summary, created, updated int) {
	t.Helper()
	assert.Len(t, testbed.Steps(summary, serverType, apitype.OpCreate), created, "created")
	assert.Len(t, testbed.Steps(summary, serverType, apitype.OpUpdate), updated, "changed in place")
	assert.Empty(t, testbed.Steps(summary, serverType, apitype.OpReplace, apitype.OpDelete, apitype.OpCreateReplacement,
		apitype.OpDeleteReplaced), "no server is replaced or deleted")
}

// movesItsDatabase ends where it begins, with PostgreSQL of somebody else; the servers stay beside it.
func (p *production) movesItsDatabase(t *testing.T) {
	second := func(c section) {
		c["generation"], c["restoreFrom"] = 2, section{"generation": 1, "time": "2026-11-27T10:15:00Z"}
	}
	larger := func(c section) { c["tier"] = "db-custom-4-15360" }
	for _, one := range []struct {
		name             string
		change           func(testbed.Configuration)
		created, updated int
	}{
		{"a first one", p.withServer(t, func(section) {}), 1, 0},
		{"a larger one in place", p.withServer(t, larger), 0, 1},
		{"another one that begins with the first", p.withServer(t, second), 1, 0},
		{"back to the first", p.withServer(t, larger), 0, 0},
		{"back to somebody else", p.onCloud(t, asDocumented), 0, 0},
	} {
		summary := p.Up(t, one.change)
		assertServers(t, summary, one.created, one.updated)
		status, err := p.Box.Status(t.Context())
		require.NoError(t, err)
		assert.True(t, status.RolledOut(), one.name)
		assert.Zero(t, p.Preview(t, testbed.WithState).Changes(), "%s: a second preview plans nothing", one.name)
	}
	p.refusesToRemoveAServer(t)
}

// refusesToRemoveAServer lets a server go without taking its protection away.
func (p *production) refusesToRemoveAServer(t *testing.T) {
	t.Helper()
	_, output, err := p.TryPreview(t, func(c testbed.Configuration) {
		p.onCloud(t, asDocumented)(c)
		c["dreamseed:data"].(section)["letGo"] = []any{"postgres/server-1"}
	})
	require.Error(t, err, output)
	assert.Contains(t, err.Error(), "protect")
}
