package components

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestTwoProgramsAreNeverBuiltIntoOneFile(t *testing.T) {
	own := func(name, folder string) Component { return Component{Name: name, Module: rootModule, Package: folder} }
	pinned := Component{Name: "three", Module: kubernetesModule, Package: "example.com/two"}

	found, err := ownOf([]Component{own("one", "./internal/one"), pinned, own("two", "./internal/two")})
	require.NoError(t, err)
	assert.Len(t, found, 2)

	_, err = ownOf([]Component{own("one", "./internal/one/standin"), own("two", "./internal/two/standin")})
	require.ErrorIs(t, err, ErrSameFile)
	assert.ErrorContains(t, err, "./internal/one/standin and ./internal/two/standin")
}
