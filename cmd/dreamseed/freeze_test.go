package main

import (
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/internal/freeze"
)

func TestAFreezeIsCheckedByItsExitCode(t *testing.T) {
	enter(t, sealedStack)
	check := func() result { return runWords(t, "freeze", "check", "--stack=test") }

	open := check()
	require.NoError(t, open.err)
	assert.Equal(t, "test is not frozen.\n", open.output)

	set := runWords(t, "freeze", "set", "--stack=test", "--reason=nobody is there", "--until=2999-12-24T18:00:00Z")
	require.NoError(t, set.err)
	assert.Equal(t, "test is frozen until 2999-12-24T18:00:00Z: nobody is there\n"+
		"Commit freeze.yaml for it to hold in CI.\n", set.output)
	frozen := check()
	assert.Equal(t, 7, frozen.code)
	require.EqualError(t, frozen.err, "test is frozen until 2999-12-24T18:00:00Z: nobody is there")

	lifted := runWords(t, "freeze", "lift", "--stack=test")
	require.NoError(t, lifted.err)
	assert.Contains(t, lifted.output, "is lifted")
	require.NoError(t, check().err)
	again := runWords(t, "freeze", "lift", "--stack=test")
	require.NoError(t, again.err)
	assert.Contains(t, again.output, "nothing was changed")
}

func TestAFreezeThatIsOverIsToldAndRefusesNothing(t *testing.T) {
	enter(t, sealedStack)
	writeFreezes(t, "- {stack: test, reason: nobody is there, until: 2020-12-24}\n")
	over := runWords(t, "freeze", "check", "--stack=test")
	require.NoError(t, over.err)
	assert.Equal(t, "test is not frozen: its freeze ended 2020-12-25T00:00:00Z. "+
		"`dreamseed freeze lift --stack test` removes it.\n", over.output)
}

func writeFreezes(t *testing.T, content string) {
	t.Helper()
	require.NoError(t, os.WriteFile(freeze.Name, []byte(content), 0o600))
}

func TestWrongFreezesChangeNothing(t *testing.T) {
	const reason = "--reason=nobody is there"
	cases := map[string]struct {
		reason, file string
		words        []string
		says         []string
	}{
		"unknown stack": {
			"it would be frozen in vain", "", []string{"set", "--stack=prod", reason, "--until=2999-12-24"},
			[]string{`--stack is "prod": it must be one of test`},
		},
		"no stack": {
			"there is no default", "", []string{"set", reason, "--until=2999-12-24"}, []string{"--stack"},
		},
		"wrong date": {
			"the message says the rule", "", []string{"set", "--stack=test", reason, "--until=24.12.2999"},
			[]string{`"24.12.2999"`},
		},
		"in the past": {
			"it would freeze nothing", "", []string{"set", "--stack=test", reason, "--until=2020-12-24"},
			[]string{"must not be over"},
		},
		"everything": {
			"all is told at once", "", []string{"set", "--stack=prod", "--reason=no", "--until=soon"},
			[]string{`"prod"`, `"no"`, `"soon"`},
		},
		"check a wrong file": {
			"it is not taken for none", "- {stack: test, unitl: 2999-12-24}\n", []string{"check", "--stack=test"},
			[]string{"unitl is not a known key", "reason is missing", "until is missing"}},
		"add to a wrong file": {
			"nor repaired", "stack: test\n", []string{"set", "--stack=test", reason, "--until=2999-12-24"},
			[]string{"must be a list"},
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			enter(t, sealedStack)
			if c.file != "" {
				writeFreezes(t, c.file)
			}
			before := tree(t)
			refused := runWords(t, append([]string{"freeze"}, c.words...)...)
			assert.Equal(t, 2, refused.code, c.reason)
			for _, word := range c.says {
				require.ErrorContains(t, refused.err, word)
			}
			assert.Equal(t, before, tree(t))
		})
	}
}
