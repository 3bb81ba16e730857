package main

import (
	"time"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"
	"github.com/spf13/cobra"

	"github.com/dreamseed/platform/internal/sandbox"
	"github.com/dreamseed/platform/internal/sandbox/components"
)

// showBuildTimes shows how long each existing program took to build, so that the cost of each is visible.
func showBuildTimes(cmd *cobra.Command, box *sandbox.Sandbox) error {
	times, err := box.BuildTimes()
	if err != nil {
		return err
	}
	cmd.Println(buildTimeTable(times))
	return nil
}

func buildTimeTable(times []components.Time) string {
	rows := newTable("program", "built in")
	rows.Style().Format.Footer = text.FormatDefault
	var sum time.Duration
	for _, one := range times {
		rows.AppendRow(table.Row{one.Name, one.Took})
		sum += one.Took
	}
	rows.AppendFooter(table.Row{"all", sum})
	return rows.Render()
}
