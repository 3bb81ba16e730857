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

// Project is what the engine runs on the stack.
type Project struct {
	// Program is the absolute path of the built program. Required.
	Program string
	// Overrides are values of the stack's configuration that only hold in the sandbox, with keys and values as
	// `pulumi config set --path` takes them: "dreamseed:cluster.context". Default: none.
	Overrides map[string]string
}

// Prepare makes the stack ready to run: the project folder that the engine works in, derived from the tracked files,
// which stay as they are; the passphrase; and, once, the stack itself.
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

// writeProject derives the work copy of Pulumi.yaml: the tracked one with a runtime that starts the built program, the
// sandbox's own providers, and without what would lead the engine to other files than these.
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

// saveWhole replaces one of the SDK's files, private and as a whole: half a file after a crash would lose the salt.
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

// providers are the provider binaries that the sandbox built. Named in the project they need no version, no copy in
// the engine's home, and no warning about a binary found on PATH.
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

// initialize creates the stack in the backend. The backend's own file says whether that is done: asking the engine
// would cost more than the answer is worth.
func (e *Engine) initialize(ctx context.Context, project *workspace.Project) error {
	switch _, err := os.Stat(e.checkpoint(string(project.Name))); {
	case err == nil:
		return nil
	case !errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("looking for the state of stack %s: %w", e.stack.Name, err)
	}
	// Its only output is "Created stack": worth showing when it fails, and then it is in the error.
	complaint, err := e.pulumi(ctx, Options{}, "stack", "init", "--secrets-provider", "passphrase")
	if err != nil {
		return &RunError{Command: "stack init", Stack: e.stack.Name, Complaint: complaint, Err: err}
	}
	return nil
}

// checkpoint is where the file backend keeps the state of this stack of a project.
func (e *Engine) checkpoint(project string) string {
	return filepath.Join(e.stack.State(), workspace.BookkeepingDir, workspace.StackDir, project, e.stack.Name+".json")
}
