package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/dreamseed/platform/internal/config"
	"github.com/dreamseed/platform/internal/cost"
	"github.com/dreamseed/platform/internal/sandbox/privatefile"
)

const costExitCodeHelp = `Exit codes:
  0    done
  1    it went wrong; the message says what and why
  2    wrong arguments or a wrong configuration
  8    the stack is expected to cost more than its budget; what it costs is printed all the same`

// costFlags hold the flags of the command.
type costFlags struct{ stack, format, output string }

func costCommand() *cobra.Command {
	var flags costFlags
	cmd := &cobra.Command{
		Use:   "cost",
		Short: "Show what a stack costs a month: at least, as expected and at most",
		Long: `Shows what the configuration of a stack costs a month, by part, for the fewest nodes, for those that are
expected and for the most. It asks nobody: the prices stand in this repository, each with its source and date. A price
that is not there is named, and the figures are then lower bounds. docs/cost.md says what is counted.

` + costExitCodeHelp,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error { return showCost(cmd, flags) },
	}
	cmd.Flags().StringVar(&flags.stack, "stack", "", "the stack: the name in Pulumi.<stack>.yaml (required)")
	cmd.Flags().StringVar(&flags.format, "format", "text", "one of "+strings.Join(costFormatNames(), ", "))
	cmd.Flags().StringVar(&flags.output, "output", "", "a file to write to, in place of the terminal")
	return cmd
}

// costFormats print an estimate of a stack.
var costFormats = map[string]func(stack string, of cost.Estimate) (string, error){
	"text":     func(_ string, of cost.Estimate) (string, error) { return of.Text(time.Now()), nil },
	"json":     func(_ string, of cost.Estimate) (string, error) { return of.JSON(time.Now()) },
	"markdown": func(_ string, of cost.Estimate) (string, error) { return of.Markdown(time.Now()), nil },
	"svg":      func(stack string, of cost.Estimate) (string, error) { return of.SVG(cost.PictureTitle(stack)) },
}

func costFormatNames() []string { return slices.Sorted(maps.Keys(costFormats)) }

// showCost prints the cost even if it is above the budget.
func showCost(cmd *cobra.Command, flags costFlags) error {
	format, known := costFormats[flags.format]
	if !known {
		return &usageError{fmt.Errorf("--format is %q: it must be one of %s",
			flags.format, strings.Join(costFormatNames(), ", "))}
	}
	estimate, err := estimateCost(flags.stack)
	if err != nil {
		return err
	}
	printed, err := format(flags.stack, estimate)
	if err != nil {
		return err
	}
	if flags.output == "" {
		cmd.Print(printed)
	} else if err := privatefile.Write(flags.output, []byte(printed)); err != nil {
		return err
	}
	return estimate.CheckBudget()
}

func estimateCost(stack string) (cost.Estimate, error) {
	project, err := projectOf(stack)
	if err != nil {
		return cost.Estimate{}, err
	}
	cfg, err := config.FromStackFile(project, stack)
	if err != nil {
		return cost.Estimate{}, &usageError{err}
	}
	prices, err := cost.Prices()
	if err != nil {
		return cost.Estimate{}, err
	}
	return cost.Of(cfg, prices), nil
}
