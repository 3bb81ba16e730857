package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestOnlyPassedEngineTestsCount(t *testing.T) {
	results := strings.Join([]string{
		`{"Action":"pass","Package":"` + enginePackage + `","Test":"TestPassed"}`,
		`{"Action":"skip","Package":"` + enginePackage + `","Test":"TestSkipped"}`,
		`{"Action":"fail","Package":"` + enginePackage + `","Test":"TestFailed"}`,
		`{"Action":"pass","Package":"elsewhere","Test":"TestElsewhere"}`,
		`a compiler's warning`,
	}, "\n")

	passed, err := passedTests(strings.NewReader(results))

	require.NoError(t, err)
	assert.Equal(t, []string{"TestSkipped", "TestFailed", "TestElsewhere", "TestNeverRan"},
		without([]string{"TestPassed", "TestSkipped", "TestFailed", "TestElsewhere", "TestNeverRan"}, passed))
}
