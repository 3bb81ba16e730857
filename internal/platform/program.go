// Package platform is the composition: what is built from a configuration, and in which order.
package platform

import (
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/cluster"
	"github.com/dreamseed/platform/internal/config"
)

// Program is the Pulumi program of the platform for the clouds it is given: it loads the stack's configuration and
// builds the environment. A mistake in the configuration is an error before the first resource.
func Program(clouds cluster.Builders) pulumi.RunFunc {
	return func(ctx *pulumi.Context) error {
		cfg, err := config.FromEngine()
		if err != nil {
			return fmt.Errorf("reading the configuration of stack %s:\n%w", ctx.Stack(), err)
		}
		return Build(ctx, cfg, clouds)
	}
}
