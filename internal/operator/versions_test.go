package operator_test

import (
	"fmt"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/internal/mocktest"
	"github.com/dreamseed/platform/internal/operator"
	"github.com/dreamseed/platform/internal/operator/charttest"
)

func TestThePageOfVersionsStatesTheCharts(t *testing.T) {
	page := read(t, "..", "..", "docs", "versions.md")
	built := mocktest.Run(t, func(ctx *pulumi.Context) error {
		for _, name := range operator.Names() {
			if _, err := operator.NewRelease(ctx, string(name), charttest.Operator(t, name)); err != nil {
				return err
			}
		}
		return nil
	})
	releases := built.OfType("kubernetes:helm.sh/v3:Release")
	require.Len(t, releases, len(operator.Names()))
	for _, release := range releases {
		row := fmt.Sprintf("| %s | %s | `internal/operator/", release.At("chart"), release.At("version"))
		assert.Contains(t, page, row)
	}
}
