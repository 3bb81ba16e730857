package components

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestTwoProgramsAreNeverBuiltIntoOneFile(t *testing.T) {
	own := func(name, folder string) Component { return Component{Name: name, Module: rootModule, Package: folder} }
	require.NoError(t, checkFiles([]Component{own("one", "./internal/one"), own("two", "./internal/two")}))

	err := checkFiles([]Component{own("one", "./internal/one/standin"), own("two", "./internal/two/standin")})
	require.ErrorIs(t, err, ErrSameFile)
	assert.ErrorContains(t, err, "./internal/one/standin and ./internal/two/standin")
}
