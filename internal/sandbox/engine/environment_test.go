package engine

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/internal/sandbox/layout"
)

func TestNothingAmbientRedirectsTheEngine(t *testing.T) {
	f := newFixture(t, "")
	for _, name := range []string{
		"KUBECONFIG", "KUBERNETES_MASTER", "PULUMI_ACCESS_TOKEN", "PULUMI_CONFIG", "PULUMI_CONFIG_PASSPHRASE",
		"PULUMI_STACK", "PULUMI_DEBUG_PROVIDERS", "AWS_SECRET_ACCESS_KEY", "GOOGLE_APPLICATION_CREDENTIALS",
		"AZURE_CLIENT_SECRET", "PULUMI_HOME", "PULUMI_BACKEND_URL", "HOME",
	} {
		t.Setenv(name, "ambient")
	}

	for _, variable := range f.Environment() {
		assert.NotContains(t, variable, "ambient")
	}
}

func TestTheEngineFindsItsOwnFilesOnly(t *testing.T) {
	f := newFixture(t, "")
	t.Setenv("TERM", "dumb")

	environment := map[string]string{}
	for _, variable := range f.Environment() {
		name, value, _ := strings.Cut(variable, "=")
		environment[name] = value
	}

	assert.True(t, strings.HasPrefix(environment["PATH"], f.layout.Bin+":"), environment["PATH"])
	assert.Equal(t, f.stack.PulumiHome(), environment["PULUMI_HOME"])
	assert.Equal(t, f.stack.PulumiHome(), environment["HOME"], "a kubeconfig in the user's home is out of reach, too")
	assert.Equal(t, "file://"+f.stack.State()+"?metadata=skip", environment["PULUMI_BACKEND_URL"])
	assert.Equal(t, f.stack.Passphrase(), environment["PULUMI_CONFIG_PASSPHRASE_FILE"])
	assert.Equal(t, "true", environment["PULUMI_SKIP_UPDATE_CHECK"])
	assert.Equal(t, "true", environment["PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION"])
	assert.Equal(t, "true", environment["PULUMI_IGNORE_AMBIENT_PLUGINS"])
	assert.Equal(t, f.stack.Kubeconfig(), environment[layout.KubeconfigVariable])
	assert.Equal(t, f.stack.Cloud(), environment[layout.CloudVariable], "what a stand-in remembers is the stack's own")
	assert.Equal(t, "dumb", environment["TERM"])
}

func TestTheEngineIsToldToWriteItsStateOnce(t *testing.T) {
	f := newFixture(t, `echo "skips: $PULUMI_SKIP_CHECKPOINTS" >&2; exit 1`)
	_, err := f.Up(t.Context(), Options{})
	require.ErrorContains(t, err, "skips:")
	require.NotContains(t, err.Error(), "true")
	_, err = f.Up(t.Context(), Options{Environment: []string{SaveOnce}})
	require.ErrorContains(t, err, "skips: true")
}

func TestOptionsAddToTheEnvironmentOfOneRun(t *testing.T) {
	f := newFixture(t, `echo "decoy $KUBECONFIG" >&2; exit 1`)

	_, err := f.Up(t.Context(), Options{Environment: []string{"KUBECONFIG=/decoy"}})

	require.ErrorContains(t, err, "decoy /decoy")
}
