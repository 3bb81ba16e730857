package main

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func resultsOf(t *testing.T, lines ...string) results {
	t.Helper()
	r := results{}
	require.NoError(t, r.add(strings.NewReader(strings.Join(lines, "\n"))))
	return r
}

func TestOnlyPassedTestsOfTheirPackageCount(t *testing.T) {
	r := resultsOf(t,
		`{"Action":"pass","Package":"github.com/dreamseed/platform/a","Test":"TestPassed"}`,
		`{"Action":"pass","Package":"github.com/dreamseed/platform/a","Test":"TestPart/of it"}`,
		`{"Action":"skip","Package":"github.com/dreamseed/platform/a","Test":"TestSkipped"}`,
		`{"Action":"fail","Package":"github.com/dreamseed/platform/a","Test":"TestFailed"}`,
		`{"Action":"pass","Package":"github.com/dreamseed/platform/b","Test":"TestElsewhere"}`,
		`{"Action":"pass","Package":"github.com/dreamseed/platform","Test":"TestProgram"}`,
		`{"Action":"pass","Package":"github.com/dreamseed/platform/a"}`,
		`a compiler's warning`)
	declared := tests{}
	for _, name := range []string{"TestPassed", "TestSkipped", "TestFailed", "TestElsewhere", "TestNeverRan", "TestPart"} {
		declared[test{"a", name}] = true
	}
	declared[test{".", "TestProgram"}] = true

	assert.Equal(t, []string{"a TestElsewhere", "a TestFailed", "a TestNeverRan", "a TestPart", "a TestSkipped"},
		declared.without(r.passed()).names())
}

func TestSlowestAreThoseThatWereLongestAtWork(t *testing.T) {
	r := resultsOf(t,
		`{"Action":"output","Package":"a","Test":"TestPatient","Output":"    hold.go:40: waited 90.5s for testbed local\n"}`,
		`{"Action":"pass","Package":"a","Test":"TestPatient","Elapsed":100}`,
		`{"Action":"pass","Package":"a","Test":"TestSlow/and its part","Elapsed":19}`,
		`{"Action":"pass","Package":"a","Test":"TestSlow","Elapsed":20}`,
		`{"Action":"pass","Package":"a","Test":"TestQuick","Elapsed":1}`)

	table := strings.Split(r.slowest(2), "\n")

	assert.Equal(t, []string{"   20.0 s  a TestSlow", "    9.5 s  a TestPatient"}, table[1:3])
	assert.NotContains(t, table, "TestQuick")
}

func TestOfManyMissingTestsTheFirstAreNamed(t *testing.T) {
	names := make([]string, enough+3)
	for i := range names {
		names[i] = "a Test" + strconv.Itoa(i)
	}

	assert.True(t, strings.HasSuffix(shortened(names), "\n  a Test19\n  and 3 more"), shortened(names))
	assert.Equal(t, "\n  a Test0", shortened(names[:1]))
}

func TestDeclaredIsWhatTheFilesSay(t *testing.T) {
	root := t.TempDir()
	for path, content := range map[string]string{
		"a/a_test.go":           "package a\nfunc TestA(t *testing.T) {}\nfunc FuzzA(f *testing.F) {}\nfunc TestMain() {}\n",
		"a/b_test.go":           "package a_test\nfunc Testable() {}\nfunc helper() {}\nfunc (x) TestMethod() {}\n",
		"a/tagged_test.go":      "//go:build never\n\npackage a\nfunc TestTagged(t *testing.T) {}\n",
		"a/x_plan9_test.go":     "package a\nfunc TestElsewhere(t *testing.T) {}\n",
		"a/a.go":                "package a\nfunc TestNoTest() {}\n",
		"a/testdata/c_test.go":  "package c\nfunc TestData(t *testing.T) {}\n",
		".sandbox/copy_test.go": "package c\nfunc TestCopy(t *testing.T) {}\n",
		"other/go.mod":          "module other\n",
		"other/o_test.go":       "package o\nfunc TestOther(t *testing.T) {}\n",
		"main_test.go":          "package main\nfunc TestProgram(t *testing.T) {}\n",
	} {
		require.NoError(t, os.MkdirAll(filepath.Dir(filepath.Join(root, path)), 0o700))
		require.NoError(t, os.WriteFile(filepath.Join(root, path), []byte(content), 0o600))
	}

	declared, err := declaredTests(root)

	require.NoError(t, err)
	assert.Equal(t, []string{". TestProgram", "a FuzzA", "a TestA", "a TestTagged"}, declared.names())
}

func TestTestsThatAreLeftToAnotherRunAreThoseOfThatPackage(t *testing.T) {
	declared := tests{{"a", "TestOne"}: true, {"a/full", "TestTwo"}: true}

	assert.Equal(t, []string{"a/full TestTwo"}, declared.in("a/full").names())
	assert.Empty(t, declared.in("").names())
}
