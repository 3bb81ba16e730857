package main

import (
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/dreamseed/platform/internal/changes"
	"github.com/dreamseed/platform/internal/live"
	"github.com/dreamseed/platform/internal/sandbox"
	"github.com/dreamseed/platform/internal/sandbox/controlplane"
)

// display shows progress on the terminal; colours appear only on a terminal, and never with NO_COLOR
// (https://no-color.org).
func display(cmd *cobra.Command) sandbox.Display {
	color := term.IsTerminal(int(os.Stdout.Fd())) && os.Getenv("NO_COLOR") == ""
	return sandbox.Display{Progress: cmd.ErrOrStderr(), Engine: cmd.OutOrStdout(), Color: color}
}

// showServices ends an up: it shows the services, the data stores, and the command to inspect them.
func showServices(cmd *cobra.Command, box *sandbox.Sandbox) error {
	status, err := box.Status(cmd.Context())
	if err != nil {
		return err
	}
	if len(status.Services) == 0 {
		cmd.Println("There are no services yet (dreamseed:secrets.bootstrap).")
		return nil
	}
	cmd.Println(serviceTable(status.Services))
	showStores(cmd.OutOrStdout(), status.Stores)
	cmd.Printf("Look at them with: %s get pods --all-namespaces\n", box.Kubectl())
	if !status.RolledOut() {
		return fmt.Errorf("%w: see the table", errUnhealthy)
	}
	return nil
}

// showMonitoring shows where the programs of monitoring listen.
func showMonitoring(cmd *cobra.Command, box *sandbox.Sandbox) error {
	addresses, err := box.MonitoringAddresses(cmd.Context())
	if err != nil {
		return err
	}
	if len(addresses) == 0 {
		cmd.Println("The stack has no pods of monitoring.")
	}
	for _, one := range addresses {
		cmd.Print(one)
	}
	return nil
}

func serviceTable(services []live.Service) string {
	rows := newTable("service", "ready", "rolled out", "image", "problem")
	for _, service := range services {
		rows.AppendRow(table.Row{
			service.Name, fmt.Sprintf("%d/%d", service.Ready, service.Desired), yesNo[service.RolledOut],
			short(service.Image), service.Problem,
		})
	}
	return rows.Render()
}

// showStores shows the data stores that run in the cluster, if any does.
func showStores(out io.Writer, stores []live.Store) {
	if len(stores) == 0 {
		return
	}
	rows := newTable("store", "ready", "up", "detail", "problem")
	for _, one := range stores {
		rows.AppendRow(table.Row{
			one.Name, fmt.Sprintf("%d/%d", one.Ready, one.Desired), yesNo[one.Up], short(one.Detail), one.Problem,
		})
	}
	fmt.Fprintln(out, rows.Render())
}

func componentTable(components []controlplane.ComponentStatus) string {
	rows := newTable("component", "state", "process", "address", "log")
	for _, component := range components {
		rows.AppendRow(table.Row{component.Name, component.State, processID(component.PID), component.Address, component.Log})
	}
	return rows.Render()
}

// short shortens an image to the beginning of its digest, which is enough to tell releases apart.
func short(image string) string {
	const shown = len("@sha256:") + 12
	if digest := strings.Index(image, "@sha256:"); digest >= 0 && len(image) > digest+shown {
		return image[:digest+shown]
	}
	return image
}

var yesNo = map[bool]string{true: "yes", false: "no"}

func processID(pid int) string {
	if pid == 0 {
		return "-"
	}
	return fmt.Sprint(pid)
}

func newTable(header ...any) table.Writer {
	rows := table.NewWriter()
	rows.SetStyle(table.StyleLight)
	rows.Style().Format.Header = text.FormatDefault
	rows.SuppressEmptyColumns()
	rows.AppendHeader(header)
	return rows
}

// describe summarizes in one line what an operation did or would do.
func describe(summary changes.Summary) string {
	if summary.Changes() == 0 {
		return "No changes."
	}
	var counts []string
	for operation, count := range summary.Counts {
		if operation != apitype.OpSame {
			counts = append(counts, fmt.Sprintf("%d to %s", count, operation))
		}
	}
	slices.Sort(counts)
	return fmt.Sprintf("%s, %d unchanged", strings.Join(counts, ", "), summary.Counts[apitype.OpSame])
}
