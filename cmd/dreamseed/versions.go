package main

import (
	"encoding/json"
	"fmt"
	"os"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/spf13/cobra"

	"github.com/dreamseed/platform/internal/invalid"
	"github.com/dreamseed/platform/internal/sandbox/layout"
	"github.com/dreamseed/platform/internal/versions"
)

func versionsCommand() *cobra.Command {
	var format string
	cmd := &cobra.Command{
		Use:   "versions",
		Short: "List every pinned image, chart, module and action",
		Long: `Lists what the files of the project pin: the images and the Kubernetes of each stack, the images and the charts
of the program, the modules of every go.mod, and the actions of the workflows. Renovate raises them: renovate.json.
docs/versions.md says what belongs together, and how long each is supported.

` + exitCodeHelp,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			render, known := versionFormats[format]
			if !known {
				return wrongFormat(format, "text", "json", "markdown")
			}
			return showVersions(cmd, render)
		},
	}
	cmd.Flags().StringVar(&format, "format", "text", "text, json or markdown")
	return cmd
}

// wrongFormat is the error for an unknown --format.
func wrongFormat(format string, allowed ...string) error {
	return &usageError{fmt.Errorf("--format is %q: it %s", format, invalid.OneOf(allowed))}
}

var versionFormats = map[string]func([]versions.Pin) (string, error){
	"text":     func(pins []versions.Pin) (string, error) { return versionTable(pins).Render(), nil },
	"markdown": func(pins []versions.Pin) (string, error) { return versionTable(pins).RenderMarkdown(), nil },
	"json": func(pins []versions.Pin) (string, error) {
		text, err := json.MarshalIndent(pins, "", "  ")
		return string(text), err
	},
}

func showVersions(cmd *cobra.Command, render func([]versions.Pin) (string, error)) error {
	here, err := os.Getwd()
	if err != nil {
		return fmt.Errorf("finding the current folder: %w", err)
	}
	project, err := layout.FindProject(here)
	if err != nil {
		return &usageError{err}
	}
	pins, err := versions.Collect(project)
	if err != nil {
		return err
	}
	text, err := render(pins)
	if err != nil {
		return fmt.Errorf("writing the versions: %w", err)
	}
	cmd.Println(text)
	return nil
}

func versionTable(pins []versions.Pin) table.Writer {
	rows := newTable("kind", "name", "version", "commit", "pinned by")
	for _, one := range pins {
		rows.AppendRow(table.Row{one.Kind, one.Name, shortDigest("@" + one.Version), one.Commit, one.Where})
	}
	return rows
}
