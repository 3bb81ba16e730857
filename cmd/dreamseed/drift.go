package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/spf13/cobra"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"

	"github.com/dreamseed/platform/internal/apiserver"
	"github.com/dreamseed/platform/internal/changes"
	"github.com/dreamseed/platform/internal/drift"
	"github.com/dreamseed/platform/internal/invalid"
	"github.com/dreamseed/platform/internal/stack"
)

// driftFlags are the flags of the command.
type driftFlags struct {
	stack, format, accepted, output string
	repair                          bool
}

// acceptedFile is the default file of accepted deviations, beside Pulumi.yaml.
const acceptedFile = "drift-accepted.yaml"

func driftCommand() *cobra.Command {
	var flags driftFlags
	cmd := &cobra.Command{
		Use:   "drift",
		Short: "Find what another hand changed, with its author, also where pulumi refresh sees nothing",
		Long: `Compares the stack with the cloud (a refreshing preview), with the fields of its objects by who owns them, and
with what lies beside them in the platform's namespaces or has power over the cluster. It changes nothing and takes no
lock, unless --repair is given. No value is printed.

--repair takes back what others added to the program's own objects and changed in them, and makes deleted ones again. It
leaves what is benign or accepted, what belongs to no program, and cloud resources: for these run pulumi up --refresh.

Accepted deviations stand in ` + acceptedFile + ` beside Pulumi.yaml, each with a reason and an end: see
docs/runbooks/drift.md.

` + exitCodeHelp,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error { return findDrift(cmd, flags) },
	}
	cmd.Flags().StringVar(&flags.stack, "stack", "", "the stack: the name in Pulumi.<stack>.yaml (required)")
	cmd.Flags().StringVar(&flags.format, "format", "text", "text, json, or markdown for an issue")
	cmd.Flags().StringVar(&flags.accepted, "accepted", "",
		"the accepted deviations (default: "+acceptedFile+" beside Pulumi.yaml, if it is there)")
	cmd.Flags().StringVar(&flags.output, "output", "", "the file to write to (default: standard output)")
	cmd.Flags().BoolVar(&flags.repair, "repair", false, "take back what was changed in the program's own objects")
	return cmd
}

func findDrift(cmd *cobra.Command, flags driftFlags) error {
	format, known := driftFormats[flags.format]
	if !known {
		return &usageError{fmt.Errorf("--format is %q: it %s", flags.format, invalid.OneOf(formatNames))}
	}
	project, err := projectOf(flags.stack)
	if err != nil {
		return err
	}
	accepted, err := readAccepted(project, flags)
	if err != nil {
		return err
	}
	report, cluster, err := lookForDrift(cmd.Context(), stack.Stack{Project: project, Name: flags.stack}, accepted)
	if err != nil {
		return err
	}
	if flags.repair {
		report.Repair(cmd.Context(), cluster)
	}
	shown, err := format(report)
	if err != nil {
		return err
	}
	if err := writeOutput(cmd, flags.output, shown); err != nil {
		return err
	}
	return verdict(report)
}

// driftFormats are the formats of the report, in formatNames.
var (
	formatNames  = []string{"text", "json", "markdown"}
	driftFormats = map[string]func(*drift.Report) (string, error){
		"text":     func(r *drift.Report) (string, error) { return r.Text(), nil },
		"json":     (*drift.Report).JSON,
		"markdown": func(r *drift.Report) (string, error) { return r.Markdown(), nil },
	}
)

// readAccepted reads the named file, or the default one if it is there.
func readAccepted(project string, flags driftFlags) ([]drift.Acceptance, error) {
	path := flags.accepted
	if path == "" {
		path = filepath.Join(project, acceptedFile)
		if _, err := os.Stat(path); errors.Is(err, os.ErrNotExist) {
			return nil, nil
		}
	}
	return drift.ReadAccepted(path, flags.stack, time.Now())
}

func lookForDrift(
	ctx context.Context, of stack.Stack, accepted []drift.Acceptance,
) (*drift.Report, *apiserver.Reader, error) {
	state, err := of.State(ctx)
	if err != nil {
		return nil, nil, err
	}
	access, err := of.Cluster(ctx, state)
	if err != nil {
		return nil, nil, err
	}
	cluster, err := apiserver.NewReader(access)
	if err != nil {
		return nil, nil, err
	}
	events, previewed := refreshEvents(ctx, of)
	if ctx.Err() != nil || len(events) == 0 {
		return nil, nil, previewed
	}
	report, err := drift.Look(ctx, drift.Sources{
		Stack: of.Name, State: state, Cluster: cluster, Refreshed: events, Accepted: accepted, Sandbox: isSandbox(access),
	})
	if err != nil {
		return nil, nil, err
	}
	if len(report.Incomplete) > 0 && previewed != nil { // otherwise it failed after the refresh, in the plan
		report.Incomplete = append(report.Incomplete, previewed.Error())
	}
	return report, cluster, nil
}

// refreshEvents returns the events of a refreshing preview, as far as it got.
func refreshEvents(ctx context.Context, of stack.Stack) ([]apitype.EngineEvent, error) {
	log, previewed := of.Preview(ctx, "--refresh")
	defer func() { _ = os.Remove(log) }() // it lies in the folder for temporary files
	events, err := changes.Follow(log, changes.NewReport(nil, "", 0))()
	return events, errors.Join(previewed, err)
}

// isSandbox reports whether the API server is that of the sandbox whose variables the shell has.
func isSandbox(access *rest.Config) bool {
	sandboxed, err := clientcmd.BuildConfigFromFlags("", os.Getenv("DREAMSEED_SANDBOX_KUBECONFIG"))
	return os.Getenv("DREAMSEED_SANDBOX_KUBECONFIG") != "" && err == nil && sandboxed.Host == access.Host
}

func writeOutput(cmd *cobra.Command, path, text string) error {
	if path == "" {
		cmd.Print(text)
		return nil
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		return fmt.Errorf("writing the report: %w", err)
	}
	return nil
}

// errSuspicious and errDangerous end a check that found drift. The details have been shown already.
var (
	errSuspicious = errors.New("suspicious drift: see the report")
	errDangerous  = errors.New("dangerous drift: see the report")
)

// verdict returns the error that decides on the exit code. A refused repair is one, and a check that did not see all.
func verdict(report *drift.Report) error {
	refused := slices.ContainsFunc(report.Repairs, func(one drift.Repair) bool { return one.Refused != "" })
	switch worst := report.Worst(); {
	case worst == drift.Dangerous:
		return errDangerous
	case worst == drift.Suspicious:
		return errSuspicious
	case len(report.Incomplete) > 0:
		return errors.New("the check is incomplete: see the report")
	case refused:
		return errors.New("a repair was refused: see the report")
	}
	return nil
}
