package engine

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/urn"
	"github.com/pulumi/pulumi/sdk/v3/go/common/workspace"
)

// state is the backend's record of the stack. It is read from the backend's file, because the engine's own commands for
// it take longer than all that is asked of it here.
type state struct {
	version    int
	features   []string
	deployment apitype.DeploymentV3
}

// readState returns nil if the stack has no state yet.
func (e *Engine) readState() (*state, error) {
	folder := filepath.Join(e.stack.State(), workspace.BookkeepingDir, workspace.StackDir)
	files, err := filepath.Glob(filepath.Join(folder, "*", e.stack.Name+".json"))
	if err != nil || len(files) == 0 {
		return nil, err
	}
	content, err := os.ReadFile(files[0])
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("reading the state of stack %s: %w", e.stack.Name, err)
	}
	parsed, err := parseState(content)
	if err != nil {
		return nil, fmt.Errorf("reading the state of stack %s in %s: %w", e.stack.Name, files[0], err)
	}
	return parsed, nil
}

func parseState(content []byte) (*state, error) {
	var file apitype.VersionedCheckpoint
	if err := json.Unmarshal(content, &file); err != nil {
		return nil, err
	}
	var checkpoint apitype.CheckpointV3
	if err := json.Unmarshal(file.Checkpoint, &checkpoint); err != nil {
		return nil, err
	}
	if checkpoint.Latest == nil {
		return nil, nil
	}
	return &state{version: file.Version, features: file.Features, deployment: *checkpoint.Latest}, nil
}

// pending returns the resources with operations that a killed engine did not finish.
func (s *state) pending() []urn.URN {
	var urns []urn.URN
	for _, operation := range s.deployment.PendingOperations {
		if at := operation.Resource.URN; !slices.Contains(urns, at) {
			urns = append(urns, at)
		}
	}
	return urns
}

// protects reports whether any resource is protected.
func (s *state) protects() bool {
	return s != nil && slices.ContainsFunc(s.deployment.Resources, func(r apitype.ResourceV3) bool { return r.Protect })
}

// size returns the number of resources in the state.
func (s *state) size() int {
	if s == nil {
		return 0
	}
	return len(s.deployment.Resources)
}

// adopt removes the pending operations from the state. Creations become resources that are assumed to exist; a refresh
// finds out whether they do. It returns the resources that it could not adopt.
func (s *state) adopt() []urn.URN {
	var lost []urn.URN
	for _, operation := range s.deployment.PendingOperations {
		created := operation.Resource
		if operation.Type != apitype.OperationTypeCreating || !isReal(created) || isPlayed(created) {
			continue
		}
		id, known := identify(created)
		if !known {
			lost = append(lost, created.URN)
			continue
		}
		created.ID = id
		s.place(created)
	}
	s.deployment.PendingOperations = nil
	return lost
}

// place adds a resource, or completes a replacement that has already deleted the original.
func (s *state) place(created apitype.ResourceV3) {
	for i, existing := range s.deployment.Resources {
		if existing.URN != created.URN || existing.Delete {
			continue
		}
		if existing.PendingReplacement {
			s.deployment.Resources[i] = created
		}
		return
	}
	s.deployment.Resources = append(s.deployment.Resources, created)
}

// isReal reports whether a resource exists outside the state. Components and providers do not: the program creates them
// anew.
func isReal(r apitype.ResourceV3) bool {
	return r.Custom && !strings.HasPrefix(string(r.Type), "pulumi:")
}

// isPlayed reports whether a resource belongs to a cloud. Clouds are stand-ins here, which leave nothing behind.
func isPlayed(r apitype.ResourceV3) bool { return r.Type.Package() != "kubernetes" }

// identify derives a provider's ID from a resource's inputs. The platform names every Kubernetes object itself, so the
// ID is known before the object exists.
func identify(r apitype.ResourceV3) (resource.ID, bool) {
	metadata, _ := r.Inputs["metadata"].(map[string]any)
	name, _ := metadata["name"].(string)
	namespace, _ := metadata["namespace"].(string)
	if namespace != "" {
		return resource.ID(namespace + "/" + name), name != ""
	}
	return resource.ID(name), name != ""
}

// known filters the URNs for resources of the state that a refresh can look at.
func (s *state) known(urns []urn.URN) []urn.URN {
	return slices.DeleteFunc(slices.Clone(urns), func(at urn.URN) bool {
		return !slices.ContainsFunc(s.deployment.Resources, func(r apitype.ResourceV3) bool {
			return r.URN == at && isReal(r)
		})
	})
}

// claim restores on adopted objects the field manager that they were created under. The provider picks a random one for
// each object and keeps it in the state; under another one, its next change of the same field would conflict with
// itself. claim reports whether it changed anything.
func (s *state) claim(urns []urn.URN) bool {
	changed := false
	for _, r := range s.deployment.Resources {
		manager := creator(r.Outputs)
		if manager == "" || manager == r.Outputs[fieldManager] || !slices.Contains(urns, r.URN) {
			continue
		}
		r.Outputs[fieldManager] = manager
		changed = true
	}
	return changed
}

const (
	fieldManager       = "__fieldManager"
	fieldManagerPrefix = "pulumi-kubernetes-"
)

// creator returns the provider's field manager of a live object: the first one that applied as the provider does.
func creator(outputs map[string]any) string {
	metadata, _ := outputs["metadata"].(map[string]any)
	managers, _ := metadata["managedFields"].([]any)
	for _, entry := range managers {
		fields, _ := entry.(map[string]any)
		name, _ := fields["manager"].(string)
		if fields["operation"] == "Apply" && strings.HasPrefix(name, fieldManagerPrefix) {
			return name
		}
	}
	return ""
}
