package config_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/internal/config"
	"github.com/dreamseed/platform/internal/mocktest"
)

const project = "../.."

func TestAStackFileReadsAsTheEngineHandsItOver(t *testing.T) {
	for _, stack := range mocktest.Stacks() {
		got, err := config.FromStackFile(project, stack)
		require.NoError(t, err)
		assert.Empty(t, cmp.Diff(load(t, stack, nil), got, cmpopts.EquateEmpty()), stack)
	}
}

func TestAStackThatDoesNotExistListsThoseThatDo(t *testing.T) {
	_, err := config.FromStackFile(project, "prod")
	require.ErrorContains(t, err, "reading stack prod")
	assert.ErrorContains(t, err, "local, production, staging")
}

func TestAFolderThatIsNoProject(t *testing.T) {
	_, err := config.FromStackFile(t.TempDir(), "local")
	assert.ErrorContains(t, err, "reading the project")
}

// stackFolder returns a project with one stack of this content.
func stackFolder(t *testing.T, content string) string {
	t.Helper()
	folder := t.TempDir()
	description, err := os.ReadFile(filepath.Join(project, "Pulumi.yaml"))
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(folder, "Pulumi.yaml"), description, 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(folder, "Pulumi.test.yaml"), []byte(content), 0o600))
	return folder
}

func TestAMistakeInAStackFileNamesTheStackAndTheKey(t *testing.T) {
	_, err := config.FromStackFile(stackFolder(t, "config: {dreamseed:environment: prod}"), "test")
	require.ErrorContains(t, err, "stack test")
	assert.ErrorContains(t, err, `dreamseed:environment is "prod"`)
}

func TestAnEncryptedValueOfAStackFileIsNotShown(t *testing.T) {
	_, err := config.FromStackFile(stackFolder(t, "config: {dreamseed:environment: {secure: planted-cipher}}"), "test")
	require.ErrorContains(t, err, "dreamseed:environment has a wrong value (secret)")
	assert.NotContains(t, err.Error(), "planted-cipher")
}
