package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/spf13/cobra"
	"golang.org/x/term"
	"k8s.io/client-go/rest"

	"github.com/dreamseed/platform/internal/config"
	"github.com/dreamseed/platform/internal/kube"
	"github.com/dreamseed/platform/internal/stack"
	"github.com/dreamseed/platform/internal/stackfile"
	"github.com/dreamseed/platform/internal/status"
)

// environment is a stack's configuration and the access to its cluster.
type environment struct {
	stack  string
	cfg    *config.Config
	access *rest.Config
}

func environmentStatusCommand() *cobra.Command {
	var name, format string
	var watch bool
	cmd := &cobra.Command{
		Use:   "status",
		Short: "Show how an environment is doing: cluster, services, data stores, releases in flight, alerts, problems",
		Long: `Reads the cluster of a stack with the access that the stack's objects were deployed with, and changes nothing.
The alerts come from the environment's own Prometheus; if it cannot be asked, the status says so.

` + exitCodeHelp,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			render, known := statusFormats[format]
			if !known {
				return wrongFormat(format, "text", "json")
			}
			env, err := openEnvironment(cmd.Context(), name)
			if err != nil {
				return err
			}
			if watch {
				return watchStatus(cmd, env, render)
			}
			return showStatus(cmd, env, render)
		},
	}
	cmd.Flags().StringVar(&name, "stack", "", "the stack: the name in Pulumi.<stack>.yaml (required)")
	cmd.Flags().StringVar(&format, "format", "text", "text or json")
	cmd.Flags().BoolVar(&watch, "watch", false, "look again until everything is rolled out")
	return cmd
}

// openEnvironment reads the stack's file and its state.
func openEnvironment(ctx context.Context, name string) (*environment, error) {
	project, err := projectOf(name)
	if err != nil {
		return nil, err
	}
	cfg, err := config.FromStackFile(project, name)
	if err != nil {
		return nil, &stackfile.ContentError{Err: err}
	}
	deployed := stack.Stack{Project: project, Name: name}
	state, err := deployed.State(ctx)
	if err != nil {
		return nil, err
	}
	access, err := deployed.Cluster(ctx, state)
	if err != nil {
		return nil, err
	}
	return &environment{name, cfg, access}, nil
}

func (e *environment) look(ctx context.Context) (*status.Status, error) {
	return status.Look(ctx, e.stack, e.cfg, e.access)
}

func showStatus(cmd *cobra.Command, env *environment, render renderer) error {
	seen, err := env.look(cmd.Context())
	if err != nil {
		return err
	}
	text, err := render(env, seen)
	if err != nil {
		return err
	}
	cmd.Println(text)
	if !seen.Runs() {
		return fmt.Errorf("%w: see above", errUnhealthy)
	}
	return nil
}

// lookAgain is the interval at which a watch looks.
const lookAgain = 2 * time.Second

// watchStatus shows the status whenever it has changed, until everything runs or the user interrupts.
func watchStatus(cmd *cobra.Command, env *environment, render renderer) error {
	var shown string
	for {
		seen, err := env.look(cmd.Context())
		if err != nil {
			return err
		}
		text, err := render(env, seen)
		if err != nil {
			return err
		}
		if text != shown {
			wipe(cmd.OutOrStdout())
			cmd.Println(text)
			shown = text
		}
		if seen.Runs() {
			return nil
		}
		select {
		case <-cmd.Context().Done():
			return context.Cause(cmd.Context())
		case <-time.After(lookAgain):
		}
	}
}

// wipe empties a terminal, so that the next text stands where the last one stood.
func wipe(out io.Writer) {
	if file, ok := out.(*os.File); ok && term.IsTerminal(int(file.Fd())) {
		fmt.Fprint(out, "\x1b[H\x1b[2J")
	}
}

type renderer func(*environment, *status.Status) (string, error)

var statusFormats = map[string]renderer{
	"text": func(env *environment, seen *status.Status) (string, error) { return statusText(env, seen), nil },
	"json": func(_ *environment, seen *status.Status) (string, error) {
		text, err := json.MarshalIndent(seen, "", "  ")
		return string(text), err
	},
}

func statusText(env *environment, seen *status.Status) string {
	var text bytes.Buffer
	fmt.Fprintf(&text, "%s: cluster %s, Kubernetes %s, nodes ready: %s\n",
		seen.Stack, seen.Cluster.Name, seen.Cluster.Version, pools(seen.Cluster.Pools))
	fmt.Fprintln(&text, environmentTable(seen.Services))
	showStores(&text, seen.Stores)
	if inFlight := seen.InFlight(); len(inFlight) > 0 {
		fmt.Fprintln(&text, "Releases in flight:")
		for _, one := range inFlight {
			fmt.Fprintf(&text, "  %s: %s\n", one.Name, one.Progress)
		}
	}
	fmt.Fprint(&text, alertText(seen.Alerts))
	if len(seen.Problems) > 0 {
		fmt.Fprintf(&text, "Problems:\n  %s\n", strings.Join(seen.Problems, "\n  "))
	}
	fmt.Fprintf(&text, "Logs of a service: kubectl%s logs --namespace %s --selector %s=auth-service --tail 100 --follow",
		inContext(env.cfg), env.cfg.Environment.Namespace(), kube.NameLabel)
	return text.String()
}

// inContext returns the flag for kubectl if the context is known: a cloud's own tools name theirs.
func inContext(cfg *config.Config) string {
	if cfg.Cluster.Existing.Context == "" {
		return ""
	}
	return " --context " + cfg.Cluster.Existing.Context
}

func pools(all []status.Pool) string {
	var counts []string
	for _, one := range all {
		name := one.Name
		if name == "" {
			name = "others"
		}
		counts = append(counts, fmt.Sprintf("%s %d/%d", name, one.Ready, one.Nodes))
	}
	return strings.Join(counts, ", ")
}

func environmentTable(services []status.Service) string {
	rows := newTable("service", "ready", "rolled out", "image", "problem")
	for _, one := range services {
		rows.AppendRow(table.Row{
			one.Name, fmt.Sprintf("%d/%d", one.Ready, one.Desired), yesNo[one.RolledOut], short(one.Image), one.Problem,
		})
	}
	return rows.Render()
}

func alertText(all status.Alerts) string {
	switch {
	case all.Unknown != "":
		return fmt.Sprintf("Alerts: unknown: %s\n", all.Unknown)
	case len(all.Firing) == 0:
		return "Alerts: none fires.\n"
	}
	rows := newTable("alert", "severity", "service", "since", "summary")
	for _, one := range all.Firing {
		rows.AppendRow(table.Row{one.Name, one.Severity, one.Service, one.Since.UTC().Format(time.DateTime), one.Summary})
	}
	return "Alerts firing:\n" + rows.Render() + "\n"
}
