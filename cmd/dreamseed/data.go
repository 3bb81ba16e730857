package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"k8s.io/client-go/dynamic"

	"github.com/dreamseed/platform/data/postgres"
	"github.com/dreamseed/platform/internal/config"
	"github.com/dreamseed/platform/internal/datajob"
	"github.com/dreamseed/platform/internal/invalid"
)

// dataFlags holds the flags of the commands for data.
type dataFlags struct {
	stack, service string
	at             string
	overwriteNewer bool
}

func dataCommand() *cobra.Command {
	parent := &cobra.Command{
		Use:   "data",
		Short: "Back up the database of a service, and restore it",
		Long: `Runs the Jobs of the backups in the cluster of a stack, with the access that its objects were deployed with.
docs/runbooks/restore.md leads through a restore.

` + exitCodeHelp,
		Args: noArguments,
		RunE: showHelp,
	}
	var flags dataFlags
	parent.PersistentFlags().StringVar(&flags.stack, "stack", "", "the stack: the name in Pulumi.<stack>.yaml (required)")
	parent.PersistentFlags().StringVar(&flags.service, "service", "", "the service with the database (required)")
	restore := &cobra.Command{
		Use:   "restore",
		Short: "Replace the database of a service by a backup of it",
		Long: `Replaces the whole database of a service by its newest backup, or the newest that is not after --at, in one
transaction: either all of it comes back, with the rows that the backup recorded, or nothing changes. Prints the rows of
each table before and after.

A database is newer than a backup if a table of it has rows that are not exactly those of the backup. That is refused
with the exit code 5, and the tables are listed: what was written since would be lost. --overwrite-newer replaces it.

` + exitCodeHelp,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error { return restoreData(cmd, flags) },
	}
	restore.Flags().StringVar(&flags.at, "at", "",
		"the newest time of the backup: a date, whose whole day counts, or a time in UTC such as 2026-11-27T02:15:00Z")
	restore.Flags().BoolVar(&flags.overwriteNewer, "overwrite-newer", false, "lose what was written since the backup")
	parent.AddCommand(restore, &cobra.Command{
		Use:   "backup",
		Short: "Back up the database of a service now",
		Args:  noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return runDataJob(cmd, flags, postgres.BackupName(flags.service), nil)
		},
	})
	return parent
}

func restoreData(cmd *cobra.Command, flags dataFlags) error {
	variables := map[string]string{postgres.OverwriteNewerVariable: fmt.Sprint(flags.overwriteNewer)}
	if flags.at != "" {
		at, err := datajob.ParseTime(flags.at)
		if err != nil {
			return &usageError{fmt.Errorf("--at %w", err)}
		}
		variables[postgres.AtVariable] = at.Format(postgres.TimeLayout)
	}
	err := runDataJob(cmd, flags, postgres.RestoreName(flags.service), variables)
	var failed *datajob.FailedError
	if errors.As(err, &failed) && failed.Code == postgres.RefusedCode {
		return &newerError{failed}
	}
	return err
}

// newerError refuses to replace a database that is newer than the backup.
type newerError struct{ failed *datajob.FailedError }

func (e *newerError) Error() string {
	return e.failed.Message + "\n--overwrite-newer replaces them, and what was written since the backup is lost"
}

// runDataJob runs a Job of a service and prints what it said.
func runDataJob(cmd *cobra.Command, flags dataFlags, cronJob string, variables map[string]string) error {
	env, err := openEnvironment(cmd.Context(), flags.stack)
	if err != nil {
		return err
	}
	if err := checkDatabase(env.cfg, flags.service); err != nil {
		return err
	}
	client, err := dynamic.NewForConfig(env.access)
	if err != nil {
		return fmt.Errorf("preparing requests to the cluster: %w", err)
	}
	runner := &datajob.Runner{
		Client: client, Namespace: env.cfg.Environment.Namespace(),
		Started: func(job string) { cmd.PrintErrf("Waiting for the Job %s.\n", job) },
	}
	said, err := runner.Run(cmd.Context(), cronJob, variables)
	if err != nil {
		return err
	}
	cmd.Println(strings.Join(said, "\n"))
	return nil
}

// checkDatabase refuses a service without a database.
func checkDatabase(cfg *config.Config, service string) error {
	var names []string
	for _, one := range cfg.Services {
		if one.Needs.Postgres {
			names = append(names, one.Name)
		}
	}
	if !slices.Contains(names, service) {
		return &usageError{fmt.Errorf("--service is %q: it %s", service, invalid.OneOf(names))}
	}
	return nil
}
