package main

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/internal/versions"
)

func TestVersionsAreListedInThreeFormats(t *testing.T) {
	text := runWords(t, "versions")
	require.NoError(t, text.err)
	assert.Regexp(t,
		`│ image +│ auth-service +│ sha256:44136fa355b3 +│.*Pulumi\.production\.yaml services\.auth\.image`, text.output)
	assert.Regexp(t, `│ module +│ k8s\.io/api +│ v0\.35\.4 `, text.output, "as the replace list has it")

	markdown := runWords(t, "versions", "--format=markdown")
	require.NoError(t, markdown.err)
	assert.Contains(t, markdown.output, "| chart | https://traefik.github.io/charts traefik | 41.")

	printed := runWords(t, "versions", "--format=json")
	require.NoError(t, printed.err)
	var pins []versions.Pin
	require.NoError(t, json.Unmarshal([]byte(printed.output), &pins))
	assert.NotEmpty(t, pins)

	wrong := runWords(t, "versions", "--format=yaml")
	assert.Equal(t, 2, wrong.code)
	assert.ErrorContains(t, wrong.err, `--format is "yaml": it must be one of text, json, markdown`)
}
