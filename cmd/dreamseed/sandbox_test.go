package main

import (
	"bytes"
	"os/exec"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/internal/changes"
)

func TestWrongArgumentsAreNamed(t *testing.T) {
	t.Chdir("../..")
	cases := map[string]struct {
		words  []string
		says   string
		reason string
	}{
		"unknown command":  {[]string{"sandbox", "upp"}, "upp", "a typing mistake must not look like success"},
		"unknown flag":     {[]string{"sandbox", "up", "--stak=local"}, "--stak", "the flag is named"},
		"argument":         {[]string{"sandbox", "status", "local"}, "local", "the stack is a flag"},
		"path as stack":    {[]string{"sandbox", "down", "--stack=../x"}, "../x", "a stack is no path"},
		"hidden stack":     {[]string{"sandbox", "down", "--stack=.x"}, ".x", "a stack is no hidden folder"},
		"folder as stack":  {[]string{"sandbox", "down", "--stack=bin"}, "bin", "that folder holds the programs"},
		"no stack":         {[]string{"sandbox", "down", "--stack="}, "--stack", "an empty name means nothing"},
		"unknown to root":  {[]string{"sandbocks"}, "sandbocks", "so it is above"},
		"no duration":      {[]string{"sandbox", "up", "--pod-startup=20"}, "--pod-startup", "20 of what"},
		"negative":         {[]string{"sandbox", "up", "--pod-startup=-1s"}, "-1s", "nothing is ready before it is there"},
		"extra for expect": {[]string{"sandbox", "preview", "--refresh=maybe"}, "maybe", "a flag with a wrong value"},
	}
	for name, tt := range cases {
		t.Run(name, func(t *testing.T) {
			root := command()
			root.SetArgs(tt.words)

			err := root.ExecuteContext(t.Context())

			require.ErrorContains(t, err, tt.says, tt.reason)
			assert.Equal(t, exitInput, exitCode(t.Context(), err), tt.reason)
		})
	}
}

func TestHelpNamesEveryCommand(t *testing.T) {
	var help bytes.Buffer
	root := command()
	root.SetOut(&help)
	root.SetArgs([]string{"sandbox"})

	require.NoError(t, root.ExecuteContext(t.Context()))

	for _, name := range []string{"build", "up", "preview", "status", "env", "destroy", "down", "--stack", "Exit codes"} {
		assert.Contains(t, help.String(), name)
	}
}

func TestQuotedValueIsOneWordOfTheShell(t *testing.T) {
	for _, value := range []string{"plain", "with space", "it's", "$HOME", "`id`", `"double"`, ""} {
		printed, err := exec.CommandContext(t.Context(), "sh", "-c", "printf %s "+quote(value)).Output()

		require.NoError(t, err, value)
		assert.Equal(t, value, string(printed))
	}
}

func TestDescriptionOfARunCountsWhatChanges(t *testing.T) {
	assert.Equal(t, "No changes.", describe(changes.Summary{Counts: map[apitype.OpType]int{apitype.OpSame: 59}}))
	assert.Equal(t, "1 to create, 2 to update, 3 unchanged", describe(changes.Summary{Counts: map[apitype.OpType]int{
		apitype.OpSame: 3, apitype.OpUpdate: 2, apitype.OpCreate: 1,
	}}))
}
