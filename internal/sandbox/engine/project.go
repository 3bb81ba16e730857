package engine

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/workspace"
)

// Project describes what the engine runs on the stack.
type Project struct {
	// Program is the absolute path of the built program. Required.
	Program string
	// Overrides are configuration values of the stack that apply in the sandbox only, with keys and values as `pulumi
	// config set --path` takes them: "dreamseed:cluster.context". Default: none.
	Overrides map[string]string
}

// Prepare prepares the stack for a run: it derives the engine's project folder from the tracked files, which it does
// not change, and creates the passphrase and the stack if they do not exist.
func (e *Engine) Prepare(ctx context.Context, project Project) error {
	if err := checkProgram(project.Program); err != nil {
		return err
	}
	folders := []string{e.stack.Dir, e.stack.Project(), e.stack.State(), e.stack.PulumiHome(), e.stack.Processes()}
	for _, folder := range folders {
		if err := os.MkdirAll(folder, 0o700); err != nil {
			return fmt.Errorf("preparing stack %s: %w", e.stack.Name, err)
		}
	}
	if err := ensurePassphrase(e.stack.Passphrase()); err != nil {
		return err
	}
	derived, err := e.writeProject(project.Program)
	if err != nil {
		return err
	}
	if err := e.writeStackConfig(derived, project.Overrides); err != nil {
		return err
	}
	return e.initialize(ctx, derived)
}

func checkProgram(program string) error {
	if !filepath.IsAbs(program) {
		return fmt.Errorf("running program %q: the engine needs its absolute path", program)
	}
	if _, err := os.Stat(program); err != nil {
		return fmt.Errorf("finding the program to run: %w", err)
	}
	return nil
}

// writeProject derives the working copy of Pulumi.yaml from the tracked file: with a runtime that starts the built
// program, with the sandbox's own providers, and without the settings that would point the engine to other files.
func (e *Engine) writeProject(program string) (*workspace.Project, error) {
	project, err := workspace.LoadProject(filepath.Join(e.layout.Project, "Pulumi.yaml"))
	if err != nil {
		return nil, fmt.Errorf("reading the project: %w", err)
	}
	providers, err := e.providers()
	if err != nil {
		return nil, err
	}
	project.Runtime = workspace.NewProjectRuntimeInfo("go", map[string]any{"binary": program})
	project.Plugins = &workspace.Plugins{Providers: providers}
	project.Main, project.StackConfigDir, project.Backend = "", "", nil

	if err := saveWhole(project, filepath.Join(e.stack.Project(), "Pulumi.yaml")); err != nil {
		return nil, fmt.Errorf("writing the project of stack %s: %w", e.stack.Name, err)
	}
	return project, nil
}

// saveWhole replaces one of the SDK's files atomically, with private permissions: half a file after a crash would lose
// the salt.
func saveWhole(content interface{ Save(path string) error }, path string) error {
	next := filepath.Join(filepath.Dir(path), "."+filepath.Base(path))
	if err := content.Save(next); err != nil {
		return err
	}
	if err := os.Chmod(next, 0o600); err != nil {
		return err
	}
	return os.Rename(next, path)
}

const providerPrefix = "pulumi-resource-"

// providers returns the provider binaries that the sandbox built. Since the project names them, they need no version
// and no copy in the engine's home, and cause no warning about a binary found on PATH.
func (e *Engine) providers() ([]workspace.PluginOptions, error) {
	binaries, err := filepath.Glob(filepath.Join(e.layout.Bin, providerPrefix+"*"))
	if err != nil {
		return nil, fmt.Errorf("listing the providers in %s: %w", e.layout.Bin, err)
	}
	var providers []workspace.PluginOptions
	for _, binary := range slices.Sorted(slices.Values(binaries)) {
		name := strings.TrimPrefix(filepath.Base(binary), providerPrefix)
		providers = append(providers, workspace.PluginOptions{Name: name, Path: e.layout.Bin})
	}
	return providers, nil
}

// initialize creates the stack in the backend unless the backend's file for it exists. Asking the engine instead would
// take too long.
func (e *Engine) initialize(ctx context.Context, project *workspace.Project) error {
	switch _, err := os.Stat(e.checkpoint(string(project.Name))); {
	case err == nil:
		return nil
	case !errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("looking for the state of stack %s: %w", e.stack.Name, err)
	}
	// The only output is "Created stack". It matters only on failure, and then it is in the error.
	complaint, err := e.pulumi(ctx, Options{}, "stack", "init", "--secrets-provider", "passphrase")
	if err != nil {
		return &RunError{Command: "stack init", Stack: e.stack.Name, Complaint: complaint, Err: err}
	}
	return nil
}

// checkpoint returns the path at which the file backend keeps this stack's state of a project.
func (e *Engine) checkpoint(project string) string {
	return filepath.Join(e.stack.State(), workspace.BookkeepingDir, workspace.StackDir, project, e.stack.Name+".json")
}
