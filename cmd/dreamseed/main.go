// Command dreamseed provides the commands that the pulumi command line lacks.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"
)

func main() {
	// Only the owner may read the files written from here on, including those of child processes.
	syscall.Umask(0o077)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer stop()
	context.AfterFunc(ctx, func() { fmt.Fprintln(os.Stderr, "\ninterrupted: stopping what this run started") })
	err := command().ExecuteContext(ctx)
	if err != nil {
		fmt.Fprintln(os.Stderr, "dreamseed:", err)
	}
	os.Exit(exitCode(ctx, err)) //nolint:gocritic // nothing is left for the deferred stop to do
}

func command() *cobra.Command {
	root := &cobra.Command{
		Use:   "dreamseed",
		Short: "Work with the DreamSeed platform beyond what pulumi does",
		Long: `dreamseed runs the platform on this machine and does what the pulumi command line has no command for.
Real environments are run with pulumi itself: see README.md.`,
		Args:          noArguments,
		RunE:          showHelp,
		SilenceUsage:  true,
		SilenceErrors: true,
	}
	root.SetOut(os.Stdout)
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return &usageError{err} })
	root.AddCommand(
		reportCommand(), costCommand(), renderCommand(), versionsCommand(),
		releaseCommand(), rollbackCommand(), freezeCommand(), environmentStatusCommand(), smokeCommand(), driftCommand(),
		sealCommand(), resealCommand(), dataCommand(), sandboxCommand(),
	)
	return root
}
