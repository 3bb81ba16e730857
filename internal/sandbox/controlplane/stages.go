package controlplane

import (
	"embed"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"go.yaml.in/yaml/v3"

	"github.com/dreamseed/platform/internal/sandbox/privatefile"
)

// own are the settings and stages that kwok gets besides those of its module.
//
//go:embed stages/*.yaml
var own embed.FS

// readyStage is the stage of kwok's module that makes every pod ready.
const readyStage = "pod-ready"

// neverReady is the condition that keeps kwok's stage away from pods that are to fail.
var neverReady = map[string]any{
	"key":      `.spec.containers.[].image | select( contains("never-ready") )`,
	"operator": "DoesNotExist",
}

// writeStages puts kwok's stages, changed so that pods can fail, and our own into the stack's folder.
func writeStages(module, folder string) error {
	files, err := kwokStages(module)
	if err != nil {
		return fmt.Errorf("preparing kwok's stages: %w", err)
	}
	ours, err := own.ReadDir("stages")
	if err != nil {
		return fmt.Errorf("preparing kwok's stages: %w", err)
	}
	for _, file := range ours {
		if files[file.Name()], err = own.ReadFile("stages/" + file.Name()); err != nil {
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

// kwokStages are the stages of kwok's module by file name, with the one that makes pods ready limited.
func kwokStages(module string) (map[string][]byte, error) {
	paths, err := filepath.Glob(filepath.Join(module, "*.yaml"))
	if err != nil {
		return nil, err
	}
	files, limited := map[string][]byte{}, false
	for _, path := range paths {
		data, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		if filepath.Base(path) == readyStage+".yaml" {
			limited = true
			if data, err = limit(data); err != nil {
				return nil, fmt.Errorf("%s: %w", path, err)
			}
		}
		files[filepath.Base(path)] = data
	}
	if !limited {
		return nil, fmt.Errorf("%s holds no %s.yaml: build the sandbox's programs again", module, readyStage)
	}
	return files, nil
}

var errUnknownStage = errors.New(
	"this is not the stage " + readyStage + " with spec.selector.matchExpressions that the sandbox knows; " +
		"the pinned kwok module has changed it")

// limit adds to the stage's conditions that no image of the pod is one that never becomes ready.
func limit(stage []byte) ([]byte, error) {
	var s map[string]any
	if err := yaml.Unmarshal(stage, &s); err != nil {
		return nil, err
	}
	metadata, _ := s["metadata"].(map[string]any)
	spec, _ := s["spec"].(map[string]any)
	selector, _ := spec["selector"].(map[string]any)
	expressions, _ := selector["matchExpressions"].([]any)
	if metadata["name"] != readyStage || len(expressions) == 0 {
		return nil, errUnknownStage
	}
	selector["matchExpressions"] = append(expressions, neverReady)
	return yaml.Marshal(s)
}
