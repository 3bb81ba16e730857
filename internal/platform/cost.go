package platform

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/internal/config"
	"github.com/dreamseed/platform/internal/cost"
)

// estimateCost estimates the cost of the stack. A stack that is expected to cost more than its budget is an error; one
// that may cost more at its maximum, a warning.
func estimateCost(ctx *pulumi.Context, cfg *config.Config) (cost.Output, error) {
	prices, err := cost.Prices()
	if err != nil {
		return cost.Output{}, err
	}
	estimate := cost.Of(cfg, prices)
	if warning := estimate.Warning(); warning != "" {
		if err := ctx.Log.Warn(warning, nil); err != nil {
			return cost.Output{}, err
		}
	}
	return estimate.Output(), estimate.CheckBudget()
}

// costOutput returns the output of the stack from which a reader of the engine's events knows the cost before and
// after a change.
func costOutput(of cost.Output) pulumi.Map {
	return pulumi.Map{
		"minimum":    pulumi.Float64(of.Minimum),
		"expected":   pulumi.Float64(of.Expected),
		"maximum":    pulumi.Float64(of.Maximum),
		"currency":   pulumi.String(of.Currency),
		"lowerBound": pulumi.Bool(of.LowerBound),
		"missing":    pulumi.ToStringArray(of.Missing),
		"budget":     pulumi.Int(of.Budget),
	}
}
