package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strings"

	"github.com/dreamseed/platform/internal/sandbox/layout"
)

// object is a Kubernetes object as the program describes it.
type object = map[string]any

// objectsOf reads the stack's Kubernetes objects from the engine's state, in the order of their creation.
func objectsOf(stack layout.Stack) ([]object, error) {
	content, err := os.ReadFile(filepath.Join(stack.State(), ".pulumi/stacks/dreamseed", stack.Name+".json"))
	if err != nil {
		return nil, fmt.Errorf("reading the objects of the stack: %w", err)
	}
	var state struct {
		Checkpoint struct {
			Latest struct {
				Resources []struct {
					Type   string
					Inputs object
				}
			}
		}
	}
	if err := json.Unmarshal(content, &state); err != nil {
		return nil, fmt.Errorf("reading the objects of the stack: %w", err)
	}
	var objects []object
	for _, resource := range state.Checkpoint.Latest.Resources {
		if strings.HasPrefix(resource.Type, "kubernetes:") {
			objects = append(objects, plain(resource.Inputs))
		}
	}
	return objects, nil
}

// plain removes the fields that only Pulumi's provider reads.
func plain(described object) object {
	maps.DeleteFunc(described, func(key string, _ any) bool { return strings.HasPrefix(key, "__") })
	if metadata, ok := described["metadata"].(object); ok {
		annotations, _ := metadata["annotations"].(object)
		maps.DeleteFunc(annotations, func(key string, _ any) bool { return strings.HasPrefix(key, "pulumi.com/") })
	}
	return described
}

// version is the image tag of auth-service in a deployment.
type version string

const (
	changedImage         = "dreamseed/auth-service:"
	before       version = "dev"
	after        version = "next"
)

// of replaces the tracked version with this one.
func (v version) of(content []byte) []byte {
	return bytes.ReplaceAll(content, []byte(changedImage+string(before)), []byte(changedImage+string(v)))
}

func (r *race) manifests(of version) string {
	return filepath.Join(r.chart(of), "files", "objects.json")
}

func (r *race) chart(of version) string { return filepath.Join(r.folder, string(of)) }

// write writes the objects as a file for kubectl, and as a chart for Helm. The chart includes the objects as a file,
// which Helm does not parse as a template.
func (r *race) write(objects []object) error {
	for _, v := range []version{before, after} {
		content, err := json.Marshal(object{"apiVersion": "v1", "kind": "List", "items": renamedJob(objects, v)})
		if err != nil {
			return err
		}
		var documents bytes.Buffer
		for _, one := range renamedJob(objects, v) {
			document, err := json.Marshal(one)
			if err != nil {
				return err
			}
			fmt.Fprintf(&documents, "---\n%s\n", document)
		}
		files := map[string][]byte{
			"files/objects.json":  v.of(content),
			"files/objects.yaml":  v.of(documents.Bytes()),
			"Chart.yaml":          []byte("apiVersion: v2\nname: dreamseed\nversion: 1.0.0\n"),
			"templates/main.yaml": []byte(`{{ .Files.Get "files/objects.yaml" }}`),
		}
		for name, data := range files {
			path := filepath.Join(r.chart(v), name)
			if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
				return err
			}
			if err := os.WriteFile(path, data, 0o600); err != nil {
				return err
			}
		}
	}
	return nil
}

// renamedJob renames the migration Job for another version, as the platform does: a Job is immutable.
func renamedJob(objects []object, v version) []object {
	var all []object
	for _, one := range objects {
		metadata, _ := one["metadata"].(object)
		name, _ := metadata["name"].(string)
		if v != before && one["kind"] == "Job" && strings.HasPrefix(name, "auth-service-") {
			one, metadata = maps.Clone(one), maps.Clone(metadata)
			metadata["name"], one["metadata"] = name+"-"+string(v), metadata
		}
		all = append(all, one)
	}
	return all
}
