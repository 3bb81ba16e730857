package platform_test

import (
	"encoding/json"
	"errors"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/cluster"
	"github.com/dreamseed/platform/internal/invalid"
	"github.com/dreamseed/platform/internal/mocktest"
	"github.com/dreamseed/platform/internal/platform"
	"github.com/dreamseed/platform/internal/sandbox/standin/gcp"
	"github.com/dreamseed/platform/services/catalogue"
)

// handOver passes the values to the program the way the engine does.
func handOver(t *testing.T, values map[string]string, secretKeys ...string) {
	t.Helper()
	t.Setenv(pulumi.EnvConfig, text(t, values))
	t.Setenv(pulumi.EnvConfigSecretKeys, text(t, secretKeys))
}

func text(t *testing.T, value any) string {
	t.Helper()
	encoded, err := json.Marshal(value)
	require.NoError(t, err)
	return string(encoded)
}

func TestTheProgramBuildsWhatTheEngineHandsOver(t *testing.T) {
	handOver(t, mocktest.StackConfig(t, "staging"))

	built := mocktest.Run(t, platform.Program(clouds()), gcp.Cloud())
	assert.Equal(t, stackConfig(t, "staging").Cluster.Identity(), built.Outputs["cluster"])
	for _, name := range catalogue.Names() {
		built.Get(t, deploymentType, name+"-deployment")
	}
}

func TestAMistakeInTheConfigurationRegistersNothing(t *testing.T) {
	values := mocktest.StackConfig(t, "production")
	values["dreamseed:logLevel"] = "LOUD"
	values["dreamseed:replicas"] = "3"
	handOver(t, values)

	built, err := mocktest.Try(platform.Program(clouds()))
	var problems invalid.Problems
	require.ErrorAs(t, err, &problems)
	assert.ElementsMatch(t, []string{"logLevel", "replicas"}, keys(problems), "both at once")
	assert.Contains(t, err.Error(), "reading the configuration of stack test")
	assert.Empty(t, built.Resources)
}

func TestASecretOfTheConfigurationIsInNoMessage(t *testing.T) {
	values := mocktest.StackConfig(t, "production")
	values["dreamseed:data"] = "planted-secret"
	handOver(t, values, "dreamseed:data")

	_, err := mocktest.Try(platform.Program(clouds()))
	require.ErrorContains(t, err, "dreamseed:data")
	assert.NotContains(t, err.Error(), "planted-secret")
}

func TestWhatIsNoConfigurationIsNotQuoted(t *testing.T) {
	for _, variable := range []string{pulumi.EnvConfig, pulumi.EnvConfigSecretKeys} {
		t.Run(variable, func(t *testing.T) {
			handOver(t, mocktest.StackConfig(t, "production"))
			t.Setenv(variable, "planted-secret")
			built, err := mocktest.Try(platform.Program(clouds()))
			require.ErrorContains(t, err, "reading "+variable)
			assert.NotContains(t, err.Error(), "planted-secret")
			assert.Empty(t, built.Resources)
		})
	}
}

func TestAnUnreachableClusterRegistersNothing(t *testing.T) {
	cfg := stackConfig(t, "local")
	cfg.Cluster.Existing.Context = "elsewhere"
	built, err := mocktest.Try(func(ctx *pulumi.Context) error { return platform.Build(ctx, cfg, clouds()) })
	var problems invalid.Problems
	require.ErrorAs(t, err, &problems)
	assert.Equal(t, []string{"cluster.existing.context"}, keys(problems))
	assert.Contains(t, err.Error(), "building cluster dreamseed-local")
	assert.Empty(t, built.Resources)
}

func TestACloudThatWasNotCompiledInRegistersNothing(t *testing.T) {
	cfg := stackConfig(t, "production")
	built, err := mocktest.Try(func(ctx *pulumi.Context) error { return platform.Build(ctx, cfg, cluster.Builders{}) })
	require.ErrorContains(t, err, `"gke"`)
	assert.Empty(t, built.Resources)
}

func TestACloudThatFailsNamesItsCluster(t *testing.T) {
	cfg := stackConfig(t, "local")
	refused := errors.New("refused")
	_, err := mocktest.Try(func(ctx *pulumi.Context) error {
		return platform.Build(ctx, cfg, cluster.Builders{
			cluster.Existing: func(*pulumi.Context, string, *cluster.Spec, ...pulumi.ResourceOption) (*cluster.Cluster, error) {
				return nil, refused
			},
		})
	})
	require.ErrorIs(t, err, refused)
	assert.Contains(t, err.Error(), "building cluster dreamseed-local")
}

func keys(problems invalid.Problems) []string {
	var found []string
	for _, problem := range problems {
		found = append(found, problem.Key)
	}
	return found
}
