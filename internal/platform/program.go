// Package platform composes an environment from its configuration, in the right order.
package platform

import (
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/cluster"
	"github.com/dreamseed/platform/internal/config"
)

// Program returns the Pulumi program of the platform for the given clouds: it loads the stack's configuration and
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
