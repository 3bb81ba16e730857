package main

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/dreamseed/platform/internal/config"
	"github.com/dreamseed/platform/internal/freeze"
	"github.com/dreamseed/platform/internal/invalid"
)

// freezeFlags holds the flags of the freeze commands.
type freezeFlags struct{ stack, reason, until string }

func freezeCommand() *cobra.Command {
	parent := &cobra.Command{
		Use:   "freeze",
		Short: "Keep releases away from an environment for a while",
		Long: `A freeze stands in freeze.yaml, with its reason and its end. Until then, dreamseed release refuses the stack,
and so does the deployment in CI, which runs dreamseed freeze check first. Commit the file for the freeze to hold there.

` + exitCodeHelp,
		Args: noArguments,
		RunE: showHelp,
	}
	var flags freezeFlags
	parent.PersistentFlags().StringVar(&flags.stack, "stack", "", "the stack: the name in Pulumi.<stack>.yaml (required)")
	set := &cobra.Command{
		Use:   "set",
		Short: "Freeze a stack, or change the reason or the end of its freeze",
		Args:  noArguments,
		RunE:  func(cmd *cobra.Command, _ []string) error { return setFreeze(cmd, flags) },
	}
	set.Flags().StringVar(&flags.reason, "reason", "", "what to tell whoever is refused (required)")
	set.Flags().StringVar(&flags.until, "until", "",
		"the end: a date, whose whole day counts, or a time in UTC such as 2026-12-24T18:00:00Z (required)")
	parent.AddCommand(set,
		&cobra.Command{
			Use:   "lift",
			Short: "End the freeze of a stack",
			Args:  noArguments,
			RunE:  func(cmd *cobra.Command, _ []string) error { return liftFreeze(cmd, flags) },
		},
		&cobra.Command{
			Use:   "check",
			Short: "Exit with 7 while a stack is frozen",
			Args:  noArguments,
			RunE:  func(cmd *cobra.Command, _ []string) error { return checkFreeze(cmd, flags) },
		})
	return parent
}

func setFreeze(cmd *cobra.Command, flags freezeFlags) error {
	file, openErr := openFreezes(flags.stack)
	frozen, err := freeze.New(flags.stack, flags.reason, flags.until, time.Now())
	if err := errors.Join(openErr, err); err != nil {
		return err
	}
	if err := file.Set(frozen); err != nil {
		return err
	}
	if err := file.Save(); err != nil {
		return err
	}
	cmd.Printf("%s is frozen until %s: %s\n", frozen.Stack, frozen.Ends(), frozen.Reason)
	cmd.Printf("Commit %s for it to hold in CI.\n", freeze.Name)
	return nil
}

func liftFreeze(cmd *cobra.Command, flags freezeFlags) error {
	file, err := openFreezes(flags.stack)
	if err != nil {
		return err
	}
	if _, found := file.Of(flags.stack); !found {
		cmd.Printf("%s has no freeze: nothing was changed.\n", flags.stack)
		return nil
	}
	if err := file.Lift(flags.stack); err != nil {
		return err
	}
	if err := file.Save(); err != nil {
		return err
	}
	cmd.Printf("The freeze of %s is lifted. Commit %s for deployments in CI to go on.\n", flags.stack, freeze.Name)
	return nil
}

func checkFreeze(cmd *cobra.Command, flags freezeFlags) error {
	file, err := openFreezes(flags.stack)
	if err != nil {
		return err
	}
	if err := file.Check(flags.stack, time.Now()); err != nil {
		return err
	}
	if over, found := file.Of(flags.stack); found {
		cmd.Printf("%s is not frozen: its freeze ended %s. `dreamseed freeze lift --stack %s` removes it.\n",
			flags.stack, over.Ends(), flags.stack)
		return nil
	}
	cmd.Printf("%s is not frozen.\n", flags.stack)
	return nil
}

// openFreezes reads the freezes of the project. The stack has to exist: a misspelt name would be frozen in vain.
func openFreezes(stack string) (*freeze.File, error) {
	project, err := projectOf(stack)
	if err != nil {
		return nil, err
	}
	stacks := config.Stacks(project)
	if !slices.Contains(stacks, stack) {
		return nil, &usageError{fmt.Errorf("--stack is %q: it %s", stack, invalid.OneOf(stacks))}
	}
	return freeze.Open(project, stacks)
}
