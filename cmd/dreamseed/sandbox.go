package main

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/dreamseed/platform/internal/sandbox"
	"github.com/dreamseed/platform/internal/sandbox/layout"
)

func sandboxCommand() *cobra.Command {
	parent := &cobra.Command{
		Use:   "sandbox",
		Short: "Run a stack of the platform on this machine",
		Long: `A sandbox is a real Kubernetes control plane on loopback, the real Pulumi engine and the official Kubernetes
provider, built from pinned Go modules into .sandbox/bin. Nodes and pods are simulated. Each stack has its own
sandbox in .sandbox/<stack>, and they can run side by side.

` + exitCodeHelp,
		Args: noArguments,
		RunE: showHelp,
	}
	var stack string
	parent.PersistentFlags().StringVar(&stack, "stack", "local", "the stack: the name in Pulumi.<stack>.yaml")
	open := func() (*sandbox.Sandbox, error) { return openSandbox(stack) }
	parent.AddCommand(buildCommand(open), upCommand(open), previewCommand(open), statusCommand(open), envCommand(open),
		destroyCommand(open), downCommand(open))
	return parent
}

// opener opens the sandbox that the flags name, once they are known.
type opener func() (*sandbox.Sandbox, error)

func openSandbox(stack string) (*sandbox.Sandbox, error) {
	project, err := projectOf(stack)
	if err != nil {
		return nil, err
	}
	return sandbox.Open(layout.Default(project), stack), nil
}

// projectOf returns the checkout around the current folder, and checks that the stack is a name: `bin` is the folder of
// the sandbox's programs.
func projectOf(stack string) (string, error) {
	if stack == "" || stack != filepath.Base(stack) || strings.HasPrefix(stack, ".") || stack == "bin" {
		return "", &usageError{fmt.Errorf("--stack is %q: it must be the name in Pulumi.<stack>.yaml", stack)}
	}
	here, err := os.Getwd()
	if err != nil {
		return "", fmt.Errorf("finding the current folder: %w", err)
	}
	project, err := layout.FindProject(here)
	if err != nil {
		return "", &usageError{err}
	}
	return project, nil
}

func buildCommand(open opener) *cobra.Command {
	var everything, times bool
	cmd := &cobra.Command{
		Use:   "build",
		Short: "Build what up needs, and start nothing",
		Args:  noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			box, err := open()
			if err != nil {
				return err
			}
			build := box.Build
			if everything {
				build = box.BuildEverything
			}
			if err := build(cmd.Context(), display(cmd)); err != nil || !times {
				return err
			}
			return showBuildTimes(cmd, box)
		},
	}
	cmd.Flags().BoolVar(&everything, "everything", false, "build what any stack may need, every operator included")
	cmd.Flags().BoolVar(&times, "times", false, "show how long each program took when it was built")
	return cmd
}

func upCommand(open opener) *cobra.Command {
	var simulation sandbox.Simulation
	var monitoring bool
	cmd := &cobra.Command{
		Use:   "up",
		Short: "Start the sandbox and deploy the stack to it",
		Long: `Builds what is missing (minutes the first time, nothing after that), starts the control plane, and deploys the
stack. Run it again after every change: it deploys the difference and repairs whatever drifted.

Pods are simulated: they are ready at once, or after --pod-startup. One whose image contains "never-ready" never is, and
a Job's pod whose image contains "migration-fails" fails. Every secret that a service reads is given a random value, but
for one whose key ends in "_MISSING". The operators that the stack uses run for real, except for
cert-manager, of which only the kinds are there.`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if simulation.PodStartup < 0 {
				return &usageError{fmt.Errorf("--pod-startup is %s: it must not be negative", simulation.PodStartup)}
			}
			box, err := open()
			if err != nil {
				return err
			}
			box.Simulation, box.Monitoring = simulation, monitoring
			if _, err := box.Up(cmd.Context(), display(cmd)); err != nil {
				return err
			}
			if err := showServices(cmd, box); err != nil || !monitoring {
				return err
			}
			return showMonitoring(cmd, box)
		},
	}
	cmd.Flags().DurationVar(&simulation.PodStartup, "pod-startup", 0,
		"how long a simulated pod takes until it is ready, such as 20s")
	cmd.Flags().BoolVar(&simulation.Metrics, "metrics", false,
		"serve simulated usage, by which autoscalers scale: a pod says its own in the annotations\n"+
			"kwok.x-k8s.io/usage-cpu and kwok.x-k8s.io/usage-memory")
	cmd.Flags().BoolVar(&monitoring, "monitoring", false,
		"run a real Prometheus, Alertmanager, kube-state-metrics and node_exporter in place of their pods\n"+
			"(minutes to build the first time)")
	return cmd
}

func previewCommand(open opener) *cobra.Command {
	var options sandbox.PreviewOptions
	cmd := &cobra.Command{
		Use:   "preview",
		Short: "Show what up would change",
		Args:  noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			box, err := open()
			if err != nil {
				return err
			}
			summary, err := box.Preview(cmd.Context(), options, display(cmd))
			if err != nil {
				return err
			}
			cmd.Println(describe(summary))
			return nil
		},
	}
	cmd.Flags().BoolVar(&options.Refresh, "refresh", false,
		"compare with the live objects, and so show what drifted; without it the last deployment is trusted")
	cmd.Flags().BoolVar(&options.ExpectNoChanges, "expect-no-changes", false, "fail if up would change anything")
	return cmd
}

func statusCommand(open opener) *cobra.Command {
	return &cobra.Command{
		Use:   "status",
		Short: "Show which components and services run",
		Args:  noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			box, err := open()
			if err != nil {
				return err
			}
			status, err := box.Status(cmd.Context())
			cmd.Println(componentTable(status.Components))
			if err != nil {
				return err
			}
			if len(status.Services) > 0 {
				cmd.Println(serviceTable(status.Services))
			}
			showStores(cmd.OutOrStdout(), status.Stores)
			for _, short := range status.Problems {
				cmd.Println(short.What)
			}
			if !status.Running() || len(status.Problems) > 0 || len(status.Services) > 0 && !status.RolledOut() {
				return fmt.Errorf("%w: see the table, and the logs of what died", errUnhealthy)
			}
			return nil
		},
	}
}

func envCommand(open opener) *cobra.Command {
	return &cobra.Command{
		Use:   "env",
		Short: "Print what kubectl and pulumi need to work against the sandbox by hand",
		Long: `Prints shell commands. Use them with
  eval "$(go run ./cmd/dreamseed sandbox env)"`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			box, err := open()
			if err != nil {
				return err
			}
			variables := box.Variables()
			for _, name := range slices.Sorted(maps.Keys(variables)) {
				cmd.Printf("export %s=%s\n", name, quote(variables[name]))
			}
			cmd.Println("# kubectl get pods --all-namespaces")
			cmd.Printf("# pulumi preview --cwd %s --stack %s\n", quote(box.Project()), box.Stack())
			return nil
		},
	}
}

func destroyCommand(open opener) *cobra.Command {
	return &cobra.Command{
		Use:   "destroy",
		Short: "Delete every object of the stack from the running sandbox",
		Args:  noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			box, err := open()
			if err != nil {
				return err
			}
			_, err = box.Destroy(cmd.Context(), display(cmd))
			return err
		},
	}
}

func downCommand(open opener) *cobra.Command {
	return &cobra.Command{
		Use:   "down",
		Short: "Stop the sandbox; up goes on where it was",
		Args:  noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			box, err := open()
			if err != nil {
				return err
			}
			return box.Down(cmd.Context())
		},
	}
}

func showHelp(cmd *cobra.Command, _ []string) error { return cmd.Help() }

func noArguments(cmd *cobra.Command, args []string) error { return arguments(cobra.NoArgs)(cmd, args) }

// arguments makes a wrong number of arguments a wrong command line.
func arguments(check cobra.PositionalArgs) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if err := check(cmd, args); err != nil {
			return &usageError{err}
		}
		return nil
	}
}

// quote turns a value into one word for any POSIX shell.
func quote(value string) string { return "'" + strings.ReplaceAll(value, "'", `'\''`) + "'" }
