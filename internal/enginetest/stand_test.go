package enginetest

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"github.com/dreamseed/platform/internal/sandbox"
	"github.com/dreamseed/platform/internal/sandbox/engine"
	"github.com/dreamseed/platform/internal/sandbox/layout"
)

const namespace = "dreamseed-local"

// patience is how long a test waits for what happens within seconds where no other stand is at work.
const patience = 3 * time.Minute

// namespace is that of the stack's services.
func (s *stand) namespace() string { return "dreamseed-" + s.environment }

// stand is a copy of the project with a sandbox of one stack, whose configuration a test may change. The built
// components are those of the checkout.
type stand struct {
	project string
	layout  layout.Layout
	// environment is the tracked stack that the configuration begins as.
	environment string
	stack       layout.Stack
	box         *sandbox.Sandbox
	hold        hold
}

func newStand(folder, stack string) (*stand, error) {
	root, err := checkout()
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
	l := layout.Default(folder)
	return (&stand{project: folder, layout: l}).opened(stack, stack), nil
}

// opened is a stack of the same copy of the project, with a sandbox of its own.
func (s *stand) opened(environment, stack string) *stand {
	return &stand{
		project: s.project, layout: s.layout, environment: environment,
		stack: s.layout.Stack(stack), box: sandbox.Open(s.layout, stack),
	}
}

// copyProject copies what Git tracks or would track.
func copyProject(from, to string) error {
	listed, err := exec.Command("git", "-C", from, "ls-files", "-z", "--cached", "--others", "--exclude-standard").Output()
	if err != nil {
		return err
	}
	for _, name := range strings.Split(strings.TrimRight(string(listed), "\x00"), "\x00") {
		content, err := os.ReadFile(filepath.Join(from, name))
		if os.IsNotExist(err) {
			continue // deleted, and not committed yet
		}
		if err != nil {
			return err
		}
		if err := os.MkdirAll(filepath.Dir(filepath.Join(to, name)), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(to, name), content, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// configure writes the stack's file as it is tracked, with the change made to its configuration, and tells whether that
// changed nothing. From then on the stand may hold anything.
func (s *stand) configure(t *testing.T, change func(configuration)) (unchanged bool) {
	t.Helper()
	content, err := os.ReadFile(filepath.Join("../..", "Pulumi."+s.environment+".yaml"))
	require.NoError(t, err)
	var file struct {
		Config configuration `yaml:"config"`
	}
	require.NoError(t, yaml.Unmarshal(content, &file))
	before, err := yaml.Marshal(file)
	require.NoError(t, err)
	change(file.Config)
	written, err := yaml.Marshal(file)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(s.project, "Pulumi."+s.stack.Name+".yaml"), written, 0o644))
	s.hold.content = anything
	return bytes.Equal(before, written)
}

// configuration is the config section of a stack's file.
type configuration = map[string]any

func tracked(configuration) {}

func service(c configuration, name string) map[string]any {
	return c["dreamseed:services"].(map[string]any)[name].(map[string]any)
}

// up brings the sandbox to a configuration, and fails the test where that fails.
func (s *stand) up(t *testing.T, change func(configuration)) engine.Summary {
	t.Helper()
	summary, output, err := s.tryUp(t, change)
	require.NoError(t, err, output)
	return summary
}

// tryUp is up for a configuration that may fail. It also returns what was shown.
func (s *stand) tryUp(t *testing.T, change func(configuration)) (engine.Summary, string, error) {
	t.Helper()
	unchanged := s.configure(t, change)
	var output bytes.Buffer
	summary, err := s.box.Up(untilInterrupted, sandbox.Display{Progress: &output, Engine: &output})
	if unchanged && err == nil {
		s.hold.content = asItIsTracked
	}
	return summary, output.String(), err
}

// object is a Kubernetes object as far as the tests look at it.
type object struct {
	Kind     string `json:"kind"`
	Metadata struct {
		Name         string            `json:"name"`
		Namespace    string            `json:"namespace"`
		UID          string            `json:"uid"`
		Labels       map[string]string `json:"labels"`
		DeletionTime string            `json:"deletionTimestamp"`
	} `json:"metadata"`
	Spec map[string]any `json:"spec"`
	// Endpoints are an EndpointSlice's.
	Endpoints []struct {
		Conditions struct {
			Ready bool `json:"ready"`
		} `json:"conditions"`
		TargetRef struct {
			Name string `json:"name"`
		} `json:"targetRef"`
	} `json:"endpoints"`
	Data   map[string]string `json:"data"`
	Status map[string]any    `json:"status"`
}

// list asks the API server for objects, with the words that `kubectl get` takes.
func (s *stand) list(t *testing.T, words ...string) []object {
	t.Helper()
	var list struct {
		Items []object `json:"items"`
	}
	require.NoError(t, json.Unmarshal([]byte(s.kubectl(t, append([]string{"get", "--output=json"}, words...)...)), &list))
	return list.Items
}

// kubectl runs kubectl against the sandbox and returns what it printed.
func (s *stand) kubectl(t *testing.T, words ...string) string {
	t.Helper()
	printed, err := s.tryKubectl(t.Context(), nil, words...)
	require.NoError(t, err, printed)
	return printed
}

func (s *stand) tryKubectl(ctx context.Context, stdin io.Reader, words ...string) (string, error) {
	s.hold.note(words)
	command := exec.CommandContext(ctx, s.layout.Binary("kubectl"),
		append([]string{"--kubeconfig", s.stack.Kubeconfig(), "--context", s.stack.Context()}, words...)...)
	command.Stdin = stdin
	var complaint strings.Builder
	command.Stderr = &complaint // warnings of old API versions too, which are not part of the answer
	printed, err := command.Output()
	if err != nil {
		return complaint.String(), err
	}
	return string(printed), nil
}

// with adds an object to the namespace of the services until the test ends; kind and name as kubectl takes them.
func (s *stand) with(t *testing.T, name, manifest string) {
	t.Helper()
	printed, err := s.tryKubectl(t.Context(), strings.NewReader(manifest),
		"create", "--namespace", s.namespace(), "--filename=-")
	require.NoError(t, err, printed)
	t.Cleanup(func() {
		printed, err := s.tryKubectl(context.WithoutCancel(t.Context()), nil,
			"delete", name, "--namespace", s.namespace(), "--ignore-not-found")
		assert.NoError(t, err, printed)
	})
}

// templates maps each service's workload to the hash of the pod template that its pods run: another hash means that
// the pods were rolled.
func (s *stand) templates(t *testing.T) map[string]string {
	t.Helper()
	hashes := map[string]string{}
	for _, pod := range s.list(t, "pods", "--namespace", s.namespace()) {
		if pod.Metadata.DeletionTime != "" {
			continue
		}
		hashes[pod.Metadata.Labels["app.kubernetes.io/name"]] = pod.Metadata.Labels["pod-template-hash"]
	}
	return hashes
}

// differing names the keys whose values differ.
func differing(before, after map[string]string) []string {
	var names []string
	for name, value := range after {
		if before[name] != value {
			names = append(names, name)
		}
	}
	return names
}

// What a preview compares with.
var (
	withState       = sandbox.PreviewOptions{}
	withLiveObjects = sandbox.PreviewOptions{Refresh: true}
)

func (s *stand) preview(t *testing.T, options sandbox.PreviewOptions) engine.Summary {
	t.Helper()
	var output bytes.Buffer
	summary, err := s.box.Preview(untilInterrupted, options, sandbox.Display{Progress: &output, Engine: &output})
	require.NoError(t, err, output.String())
	return summary
}

func (o object) images() []string {
	var images []string
	containers, _ := o.Spec["containers"].([]any)
	for _, container := range containers {
		if image, ok := container.(map[string]any)["image"].(string); ok {
			images = append(images, image)
		}
	}
	return images
}

// servingPods are the ready pods of a workload that run the pod template with the given hash.
func (s *stand) servingPods(t *testing.T, workload, template string) []object {
	t.Helper()
	var serving []object
	for _, pod := range s.list(t, "pods", "--namespace", namespace,
		"--selector", "app.kubernetes.io/name="+workload+",pod-template-hash="+template) {
		if pod.ready() {
			serving = append(serving, pod)
		}
	}
	return serving
}

func (o object) ready() bool {
	conditions, _ := o.Status["conditions"].([]any)
	for _, condition := range conditions {
		fields := condition.(map[string]any)
		if fields["type"] == "Ready" {
			return fields["status"] == "True"
		}
	}
	return false
}

func (s *stand) destroy(t *testing.T) {
	t.Helper()
	var output bytes.Buffer
	s.hold.content = anything
	_, err := s.box.Destroy(untilInterrupted, sandbox.Display{Progress: &output, Engine: &output})
	require.NoError(t, err, output.String())
	s.hold.content = nothing
}

// platformObjects lists every object of the cluster, of whatever kind, that is the platform's by its name or its
// namespace: it knows nothing of labels that an object might lack.
func (s *stand) platformObjects(t *testing.T) []string {
	t.Helper()
	kinds := strings.Fields(s.kubectl(t, "api-resources", "--verbs=list", "--output=name"))
	var ours []string
	for _, found := range s.list(t, strings.Join(kinds, ","), "--all-namespaces") {
		isNode := found.Kind == "Node" || found.Metadata.Namespace == "kube-node-lease" || found.Kind == "CSINode"
		isPast := found.Kind == "Event"
		isKeptByPeople := found.Kind == "Secret" && found.Metadata.Namespace == "secret-manager"
		name := found.Metadata.Namespace + "/" + found.Metadata.Name
		if strings.Contains(name, "dreamseed") && !isNode && !isPast && !isKeptByPeople {
			ours = append(ours, found.Kind+" "+name)
		}
	}
	return ours
}
