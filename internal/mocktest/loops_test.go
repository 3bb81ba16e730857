package mocktest_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// mayBeEmpty are the methods whose result may have no element. A loop over it would prove nothing then, and the test
// would pass: tests loop over Each instead.
var mayBeEmpty = []string{"OfType", "List"}

func TestNoTestLoopsOverWhatMayBeEmpty(t *testing.T) {
	read := 0
	var loops []string
	err := filepath.WalkDir("../..", func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && strings.HasPrefix(entry.Name(), ".") && strings.Trim(entry.Name(), ".") != "":
			return fs.SkipDir // what the sandbox and Git keep
		case !strings.HasSuffix(path, "_test.go"):
			return nil
		}
		read++
		found, err := bareLoops(path, nil)
		loops = append(loops, found...)
		return err
	})
	require.NoError(t, err)
	require.NotZero(t, read)
	assert.Empty(t, loops)
}

func TestABareLoopIsFound(t *testing.T) {
	found, err := bareLoops("some_test.go", `package some
func test() {
	for _, one := range append(built.OfType(a), built.Each(t, b)...) {
	}
	for _, one := range built.Each(t, a) {
	}
}`)
	require.NoError(t, err)
	assert.Equal(t, []string{"some_test.go:3"}, found)
}

// bareLoops returns the places of the loops over a result that may be empty. Without a source it reads the file.
func bareLoops(path string, source any) ([]string, error) {
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, path, source, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	var found []string
	ast.Inspect(file, func(node ast.Node) bool {
		if loop, is := node.(*ast.RangeStmt); is && callsAny(loop.X, mayBeEmpty) {
			at := files.Position(loop.Pos())
			found = append(found, fmt.Sprintf("%s:%d", at.Filename, at.Line))
		}
		return true
	})
	return found, nil
}

func callsAny(expression ast.Expr, methods []string) bool {
	calls := false
	ast.Inspect(expression, func(node ast.Node) bool {
		if call, is := node.(*ast.CallExpr); is {
			method, is := call.Fun.(*ast.SelectorExpr)
			calls = calls || is && slices.Contains(methods, method.Sel.Name)
		}
		return true
	})
	return calls
}
