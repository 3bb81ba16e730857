package engine

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const interrupted = `{"version":3,"checkpoint":{"stack":"organization/dreamseed/local","latest":{
  "manifest":{"time":"2026-01-01T00:00:00Z","magic":"m","version":"v"},
  "secrets_providers":{"type":"passphrase","state":{"salt":"v1:salt"}},
  "resources":[{"urn":"urn:pulumi:local::dreamseed::pulumi:pulumi:Stack::dreamseed-local","custom":false,
    "type":"pulumi:pulumi:Stack","outputs":{"url":"u","list":[1],
      "password":{"4dabf18193072939515e22adb298388d":"1b47061264138c4ac30d75fd1eb44270","ciphertext":"v1:x"}}}],
  "pending_operations":[{"type":"creating","resource":{
    "urn":"urn:pulumi:local::dreamseed::kubernetes:core/v1:Secret::s","custom":true,"type":"kubernetes:core/v1:Secret",
    "inputs":{"metadata":{"name":"s","namespace":"ns"},
      "data":{"4dabf18193072939515e22adb298388d":"1b47061264138c4ac30d75fd1eb44270","ciphertext":"v1:y"}}}}]}}}`

const pendingURN = "urn:pulumi:local::dreamseed::kubernetes:core/v1:Secret::s"

// takeImport stands in for the engine's `stack import`: it keeps its input, and makes it the state.
const takeImport = `if [ "$1 $2" = "stack import" ]; then
  here=$(dirname "$0"); cp "$4" "$here/imported"
  state=$here/../stacks/local/state/.pulumi/stacks/dreamseed/local.json
  printf '{"version":3,"checkpoint":{"latest":%s}}' \
    "$(sed -e 's/^{"version":3,"deployment"://' -e 's/}$//' "$4")" > "$state"
fi
`

func TestRecoveringFromNothingDoesNotAskTheEngine(t *testing.T) {
	f := newFixture(t, "")
	require.NoError(t, f.Recover(t.Context(), nil))

	f.write(f.checkpoint("dreamseed"), `{"version":3,"checkpoint":{"stack":"local","latest":null}}`)
	require.NoError(t, f.Recover(t.Context(), nil))

	assert.Empty(t, f.called())
}

func TestAnEngineThatOutlivedItsDriverIsLeftAlone(t *testing.T) {
	f := newFixture(t, "")
	s, _ := startSession(t, "sleep 600 & echo up; wait")
	require.NoError(t, s.save(f.record()))

	err := f.Recover(t.Context(), nil)

	var busy *BusyError
	require.ErrorAs(t, err, &busy)
	assert.Equal(t, int(s.PID), busy.PID)
	assert.True(t, s.alive())
	assert.FileExists(t, f.record())
}

func TestWhatADeadEngineLeftRunningIsStopped(t *testing.T) {
	f := newFixture(t, "")
	s, leader := startSession(t, "sleep 600 & echo up; wait")
	require.NoError(t, s.save(f.record()))
	require.NoError(t, leader.Process.Kill())
	_ = leader.Wait()
	eventLog, err := newEventLog(f.stack.Processes())
	require.NoError(t, err)

	require.NoError(t, f.Recover(t.Context(), nil))

	members, err := s.members()
	require.NoError(t, err)
	assert.Empty(t, members)
	assert.NoFileExists(t, f.record())
	assert.NoFileExists(t, eventLog.path)
}

func TestAnUnfinishedCreationIsLookedUp(t *testing.T) {
	f := newFixture(t, takeImport)
	f.write(f.checkpoint("dreamseed"), interrupted)
	var out strings.Builder

	require.NoError(t, f.Recover(t.Context(), &out))

	require.Len(t, f.called(), 2)
	assert.Contains(t, f.called()[0], "stack import --file")
	assert.Contains(t, f.called()[1], "refresh ")
	assert.Contains(t, f.called()[1], "--yes --skip-preview --target "+pendingURN)
	assert.Contains(t, out.String(), "Recovering from an interrupted run")

	imported := f.imported()
	require.Len(t, imported.Resources, 2)
	assert.EqualValues(t, "ns/s", imported.Resources[1].ID)
	assert.Equal(t, "v1:y", imported.Resources[1].Inputs["data"].(map[string]any)["ciphertext"], "secrets stay encrypted")
	assert.Empty(t, imported.PendingOperations)
	assert.JSONEq(t, `{"salt":"v1:salt"}`, string(imported.SecretsProviders.State))
	assert.NoFileExists(t, f.unsettled())
	left, err := os.ReadDir(f.stack.Processes())
	require.NoError(t, err)
	assert.Empty(t, left)
}

func TestARecoveryThatIsInterruptedIsTakenUpAgain(t *testing.T) {
	f := newFixture(t, takeImport+`[ "$1" = refresh ] && [ ! -e "$(dirname "$0")/reachable" ] && exit 1; exit 0`)
	f.write(f.checkpoint("dreamseed"), interrupted)
	require.ErrorContains(t, f.Recover(t.Context(), nil), "recovering from an interrupted run")
	require.Empty(t, f.imported().PendingOperations, "the state itself does not know any more")

	f.write(filepath.Join(f.layout.Bin, "reachable"), "")
	require.NoError(t, f.Recover(t.Context(), nil))

	last := f.called()[len(f.called())-1]
	assert.Contains(t, last, "--target "+pendingURN)
	assert.NoFileExists(t, f.unsettled())
}

func (f fixture) imported() apitype.DeploymentV3 {
	f.t.Helper()
	var file apitype.UntypedDeployment
	require.NoError(f.t, json.Unmarshal([]byte(f.read(filepath.Join(f.layout.Bin, "imported"))), &file))
	var deployment apitype.DeploymentV3
	require.NoError(f.t, json.Unmarshal(file.Deployment, &deployment))
	return deployment
}
