package controlplane

import (
	"embed"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"

	"github.com/dreamseed/platform/internal/sandbox/privatefile"
)

// ownStages has the settings and stages that kwok gets in addition to those of its module.
//
//go:embed stages/*.yaml
var ownStages embed.FS

// The changed stages of kwok's module.
const (
	readyStage    = "pod-ready"
	completeStage = "pod-complete"
	deleteStage   = "pod-delete"
)

// terminating is the time that a deleted pod stays: long enough to be observed.
const terminating = time.Second

// usageFiles are the files of kwok's module that make it serve pod metrics.
var usageFiles = []string{"metrics-resource.yaml", "usage-from-annotation.yaml"}

// stage is one of kwok's stages, with all its fields.
type stage struct{ unstructured.Unstructured }

// changes adapts kwok's stages to a simulation: pods that take time to start, and pods that fail.
var changes = map[string]func(stage, Simulation){
	readyStage: func(s stage, simulation Simulation) {
		s.leaveAlone(neverReady)
		s.delay(simulation.PodStartup)
	},
	completeStage: func(s stage, _ Simulation) { s.leaveAlone(failingMigration) },
	deleteStage:   func(s stage, _ Simulation) { s.delay(terminating) },
}

// Selectors of pods that kwok's stages leave to ours.
const (
	neverReady = `select( any(.metadata.ownerReferences.[]?; .kind == "Job") | not ) | ` +
		`.spec.containers.[].image | select( contains("never-ready") )`
	failingMigration = `.spec.containers.[].image | select( contains("migration-fails") )`
)

// leaveAlone excludes such pods from the stage.
func (s stage) leaveAlone(pods string) {
	s.setExpressions(append(s.expressions(), map[string]any{"key": pods, "operator": "DoesNotExist"}))
}

// expressions returns the conditions under which the stage applies.
func (s stage) expressions() []any {
	found, _, _ := unstructured.NestedSlice(s.Object, "spec", "selector", "matchExpressions")
	return found
}

func (s stage) setExpressions(all []any) {
	s.Object["spec"].(map[string]any)["selector"].(map[string]any)["matchExpressions"] = all
}

// delay delays the stage.
func (s stage) delay(by time.Duration) {
	if by > 0 {
		s.Object["spec"].(map[string]any)["delay"] = map[string]any{"durationMilliseconds": by.Milliseconds()}
	}
}

// writeStages writes kwok's stages, changed for the simulation, and our own into the stack's folder.
func writeStages(module, folder string, simulation Simulation) error {
	files, err := kwokStages(module, simulation)
	if err != nil {
		return fmt.Errorf("preparing kwok's stages: %w", err)
	}
	ours, err := ownStages.ReadDir("stages")
	if err != nil {
		return fmt.Errorf("preparing kwok's stages: %w", err)
	}
	for _, file := range ours {
		if files[file.Name()], err = ownStages.ReadFile("stages/" + file.Name()); err != nil {
			return fmt.Errorf("preparing kwok's stages: %w", err)
		}
	}
	if err := os.RemoveAll(folder); err != nil {
		return fmt.Errorf("preparing kwok's stages: %w", err)
	}
	for name, data := range files {
		if err := privatefile.Write(filepath.Join(folder, name), data); err != nil {
			return fmt.Errorf("preparing kwok's stages: %w", err)
		}
	}
	return nil
}

// kwokStages returns the changed files of kwok's module by name.
func kwokStages(module string, simulation Simulation) (map[string][]byte, error) {
	paths, err := filepath.Glob(filepath.Join(module, "*.yaml"))
	if err != nil {
		return nil, err
	}
	files := map[string][]byte{}
	for _, path := range paths {
		if !simulation.servesUsage() && slices.Contains(usageFiles, filepath.Base(path)) {
			continue
		}
		if files[filepath.Base(path)], err = os.ReadFile(path); err != nil {
			return nil, err
		}
	}
	for name, change := range changes {
		file := name + ".yaml"
		data, ok := files[file]
		if !ok {
			return nil, fmt.Errorf("%s holds no %s: build the sandbox's programs again", module, file)
		}
		if files[file], err = changed(name, data, func(s stage) { change(s, simulation) }); err != nil {
			return nil, fmt.Errorf("%s: %w", filepath.Join(module, file), err)
		}
	}
	return files, nil
}

var errUnknownStage = errors.New(
	"this is not the stage with spec.selector.matchExpressions that the sandbox knows under this name; " +
		"the pinned kwok module has changed it")

// changed returns the stage of that name after a change.
func changed(name string, data []byte, change func(stage)) ([]byte, error) {
	var s stage
	if err := yaml.Unmarshal(data, &s.Object); err != nil {
		return nil, err
	}
	if s.GetName() != name || len(s.expressions()) == 0 {
		return nil, errUnknownStage
	}
	change(s)
	return yaml.Marshal(s.Object)
}
