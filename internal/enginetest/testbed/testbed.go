package testbed

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"github.com/dreamseed/platform/internal/changes"
	"github.com/dreamseed/platform/internal/sandbox"
	"github.com/dreamseed/platform/internal/sandbox/layout"
)

// Patience is the longest wait for an event that takes seconds if no other testbed is at work.
const Patience = 3 * time.Minute

// Testbed is a copy of the project with a sandbox of one stack, whose configuration a test may change. It uses the
// components that the checkout has built.
type Testbed struct {
	// Project is the root of the copy.
	Project string
	Layout  layout.Layout
	// Environment is the tracked stack from which the configuration starts, reduced to parts.
	Environment string
	parts       Parts
	Stack       layout.Stack
	Box         *sandbox.Sandbox
	hold        reservation
}

// New copies the project into a folder, for a sandbox of a tracked stack.
func New(folder, stack string) (*Testbed, error) {
	root, err := Checkout()
	if err != nil {
		return nil, err
	}
	if err := copyProject(root, folder); err != nil {
		return nil, fmt.Errorf("copying the project: %w", err)
	}
	if err := os.MkdirAll(filepath.Join(folder, ".sandbox"), 0o700); err != nil {
		return nil, err
	}
	for name, target := range map[string]string{
		filepath.Join(".sandbox", "bin"): layout.Default(root).Bin, "dreamseed": commandLine(root),
	} {
		if err := os.Symlink(target, filepath.Join(folder, name)); err != nil {
			return nil, err
		}
	}
	return (&Testbed{Project: folder, Layout: layout.Default(folder)}).Opened(stack, stack, Everything), nil
}

// Opened returns a testbed of the same copy of the project, with a sandbox of its own for these parts of the
// environment.
func (s *Testbed) Opened(environment, stack string, parts Parts) *Testbed {
	opened := &Testbed{
		Project: s.Project, Layout: s.Layout, Environment: environment, parts: parts,
		Stack: s.Layout.Stack(stack), Box: sandbox.Open(s.Layout, stack),
	}
	opened.Box.SaveOnce = true // no test but one kills an engine
	return opened
}

// Namespace returns the namespace of the stack's services.
func (s *Testbed) Namespace() string { return "dreamseed-" + s.Environment }

// Configure writes the testbed's parts of the tracked configuration with the change into the stack's file, and reports
// whether the change was empty. From then on the testbed may hold anything.
func (s *Testbed) Configure(t *testing.T, change func(Configuration)) (unchanged bool) {
	t.Helper()
	root, err := Checkout()
	require.NoError(t, err)
	return s.rewrite(t, filepath.Join(root, "Pulumi."+s.Environment+".yaml"), s.parts, change)
}

// rewrite writes these parts of another file's configuration with the change into the stack's file, and reports whether
// the change was empty.
func (s *Testbed) rewrite(t *testing.T, from string, parts Parts, change func(Configuration)) (unchanged bool) {
	t.Helper()
	file := read(t, from)
	parts(file.Config)
	before, err := yaml.Marshal(file)
	require.NoError(t, err)
	change(file.Config)
	written, err := yaml.Marshal(file)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(s.file(), written, 0o600))
	s.hold.content = anything
	return bytes.Equal(before, written)
}

// Configuration returns the testbed's present configuration.
func (s *Testbed) Configuration(t *testing.T) Configuration {
	t.Helper()
	return read(t, s.file()).Config
}

// stackFile is the file of a stack.
type stackFile struct {
	Config Configuration `yaml:"config"`
}

func read(t *testing.T, path string) stackFile {
	t.Helper()
	content, err := os.ReadFile(path)
	require.NoError(t, err)
	var file stackFile
	require.NoError(t, yaml.Unmarshal(content, &file))
	return file
}

// Up deploys a configuration to the sandbox, and fails the test if that fails.
func (s *Testbed) Up(t *testing.T, change func(Configuration)) changes.Summary {
	t.Helper()
	summary, output, err := s.TryUp(t, change)
	require.NoError(t, err, output)
	return summary
}

// TryUp is Up for a configuration that may fail. It also returns the output.
func (s *Testbed) TryUp(t *testing.T, change func(Configuration)) (changes.Summary, string, error) {
	t.Helper()
	then := asConfigured
	if s.Configure(t, change) {
		then = asItIsTracked
	}
	return s.deploy(then)
}

// Change changes the testbed's present configuration and deploys it, and fails the test if that fails.
func (s *Testbed) Change(t *testing.T, change func(Configuration)) changes.Summary {
	t.Helper()
	summary, output, err := s.TryChange(t, change)
	require.NoError(t, err, output)
	return summary
}

// TryChange is Change for a change that may fail. It also returns the output.
func (s *Testbed) TryChange(t *testing.T, change func(Configuration)) (changes.Summary, string, error) {
	t.Helper()
	s.rewrite(t, s.file(), Everything, change)
	return s.deploy(asConfigured)
}

// Repair deploys the testbed's present configuration again.
func (s *Testbed) Repair(t *testing.T) changes.Summary {
	t.Helper()
	summary, output, err := s.deploy(asConfigured)
	require.NoError(t, err, output)
	return summary
}

func (s *Testbed) deploy(then content) (changes.Summary, string, error) {
	var output bytes.Buffer
	summary, err := s.Box.Up(UntilInterrupted, sandbox.Display{Progress: &output, Engine: &output})
	if err == nil {
		s.hold.content = then
	}
	return summary, output.String(), err
}

func (s *Testbed) file() string { return filepath.Join(s.Project, "Pulumi."+s.Stack.Name+".yaml") }

// The options of a preview: a comparison with the state or with the live objects.
var (
	WithState       = sandbox.PreviewOptions{}
	WithLiveObjects = sandbox.PreviewOptions{Refresh: true}
)

// Preview returns the changes that an up would make.
func (s *Testbed) Preview(t *testing.T, options sandbox.PreviewOptions) changes.Summary {
	t.Helper()
	var output bytes.Buffer
	summary, err := s.Box.Preview(UntilInterrupted, options, sandbox.Display{Progress: &output, Engine: &output})
	require.NoError(t, err, output.String())
	return summary
}

// TryPreview is Preview against the state, for a configuration that may fail. It also returns the output.
func (s *Testbed) TryPreview(t *testing.T, change func(Configuration)) (changes.Summary, string, error) {
	t.Helper()
	s.Configure(t, change)
	var output bytes.Buffer
	summary, err := s.Box.Preview(UntilInterrupted, WithState, sandbox.Display{Progress: &output, Engine: &output})
	return summary, output.String(), err
}

// Destroy deletes the stack's resources, and fails the test if that fails.
func (s *Testbed) Destroy(t *testing.T) {
	t.Helper()
	_, output, err := s.TryDestroy(t)
	require.NoError(t, err, output)
}

// TryDestroy is Destroy for a stack that may fail to go. It also returns the output.
func (s *Testbed) TryDestroy(t *testing.T) (changes.Summary, string, error) {
	t.Helper()
	var output bytes.Buffer
	s.hold.content = anything
	summary, err := s.Box.Destroy(UntilInterrupted, sandbox.Display{Progress: &output, Engine: &output})
	if err == nil {
		s.hold.content = nothing
	}
	return summary, output.String(), err
}

// Steps returns the operations on resources of a type, or of all types with this prefix.
func Steps(summary changes.Summary, of string, operations ...apitype.OpType) []changes.Step {
	var found []changes.Step
	for _, step := range summary.Steps {
		if strings.HasPrefix(step.Type, of) && slices.Contains(operations, step.Operation) {
			found = append(found, step)
		}
	}
	return found
}
