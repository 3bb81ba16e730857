package components

import (
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// took replaces the duration recorded in a file.
func (p project) took(t *testing.T, path, stamp string, seconds int) {
	t.Helper()
	began := time.Now().Add(-time.Duration(seconds) * time.Second)
	require.NoError(t, os.WriteFile(path, []byte(stamp+tookLine(began)), 0o600))
}

func TestABuildIsRememberedWithItsTime(t *testing.T) {
	p := newProject(t)
	p.run(t)
	server, err := p.stamp(p.components[0])
	require.NoError(t, err)
	p.took(t, p.stampPath(p.components[0]), server+"\n", 99)
	p.took(t, p.ownTook(), "", 20)

	assert.Len(t, p.run(t), 1, "a time is no reason to build again")

	times, err := Times(p.layout, p.components)
	require.NoError(t, err)
	assert.Equal(t, []Time{{"server", 99 * time.Second}, {ownPrograms, 20 * time.Second}}, times,
		"the provider took no time, and a short build of the own programs hides no long one")
}

func TestAProgramThatWasBuiltBeforeTimesWereKeptIsNotBuiltAgain(t *testing.T) {
	p := newProject(t)
	p.run(t)
	for _, c := range p.components[:2] {
		stamp, err := p.stamp(c)
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(p.stampPath(c), []byte(stamp), 0o600))
	}

	assert.Len(t, p.run(t), 1)

	times, err := Times(p.layout, p.components)
	require.NoError(t, err)
	assert.Empty(t, times)
}
