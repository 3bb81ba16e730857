// Command dreamseed does what the pulumi command line has no command for.
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
	// Whatever is written from here on, by the tools that are started too, is the owner's alone.
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
	root.AddCommand(sandboxCommand(), sealCommand(), resealCommand())
	return root
}
