package platform_test

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/dreamseed/platform/internal/mocktest"
	"github.com/dreamseed/platform/internal/platform"
)

func TestTheNextRunRefusesToLoseWhatHoldsData(t *testing.T) {
	cfg := stackConfig(t, "local")
	left := map[string]any{"data": build(t, cfg).Outputs["data"]}
	assert.Equal(t, "auth", mocktest.At(left["data"], "postgres", "holds", "auth"), "the control")
	again := func() (*mocktest.Recording, error) {
		return mocktest.TryAfter(left, func(ctx *pulumi.Context) error { return platform.Build(ctx, cfg, clouds()) })
	}
	_, err := again()
	require.NoError(t, err)

	service(t, cfg, "auth").Needs.Postgres = false
	cfg.Data.Objects.Storage = resource.MustParse("1Mi")
	built, err := again()
	require.ErrorContains(t, err, "dreamseed:services.auth.needs.postgres is false: it must declare auth")
	require.ErrorContains(t, err, "dreamseed:data.objects.storage is \"1Mi\": it must be 1Gi or more")
	for _, one := range built.Resources {
		assert.Equal(t, "pulumi:pulumi:StackReference", one.Type, "nothing was begun")
	}

	cfg.Secrets.Bootstrap = true
	_, err = again()
	require.ErrorContains(t, err, "dreamseed:secrets.bootstrap is true: it must be false")
}
