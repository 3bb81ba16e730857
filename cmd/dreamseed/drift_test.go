package main

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/internal/drift"
)

func TestWrongArgumentsOfDriftAreRefusedBeforeAnythingIsRead(t *testing.T) {
	for name, tt := range map[string]struct {
		arguments []string
		want      string
	}{
		"format":   {[]string{"--stack", "local", "--format", "html"}, "must be one of text, json, markdown"},
		"stack":    {nil, "must be the name in Pulumi.<stack>.yaml"},
		"accepted": {[]string{"--stack", "local", "--accepted", "none.yaml"}, "reading the accepted deviations"},
	} {
		t.Run(name, func(t *testing.T) {
			cmd := command()
			cmd.SetArgs(append([]string{"drift"}, tt.arguments...))
			err := cmd.ExecuteContext(t.Context())
			require.ErrorContains(t, err, tt.want)
			assert.Equal(t, exitInput, exitCode(t.Context(), err))
		})
	}
}

func TestTheVerdictIsTheWorstThatIsLeft(t *testing.T) {
	finding := func(class drift.Class) []drift.Finding { return []drift.Finding{{Class: class, Change: drift.Changed}} }
	for name, tt := range map[string]struct {
		report drift.Report
		want   int
	}{
		"nothing":           {drift.Report{}, exitOK},
		"benign":            {drift.Report{Findings: finding(drift.Benign)}, exitOK},
		"suspicious":        {drift.Report{Findings: finding(drift.Suspicious)}, exitSuspicious},
		"dangerous":         {drift.Report{Findings: finding(drift.Dangerous)}, exitDangerous},
		"not all was seen":  {drift.Report{Incomplete: []string{"Role: the identity may not list it"}}, exitFailed},
		"dangerous, partly": {drift.Report{Findings: finding(drift.Dangerous), Incomplete: []string{"Role"}}, exitDangerous},
		"a refused repair":  {drift.Report{Repairs: []drift.Repair{{Refused: "it is invalid"}}}, exitFailed},
	} {
		t.Run(name, func(t *testing.T) { assert.Equal(t, tt.want, exitCode(t.Context(), verdict(&tt.report))) })
	}
}
