package stack

import (
	"fmt"
	"path/filepath"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/workspace"
)

// ProjectName returns the name in Pulumi.yaml.
func (s Stack) ProjectName() (string, error) {
	project, err := workspace.LoadProject(filepath.Join(s.Project, "Pulumi.yaml"))
	if err != nil {
		return "", fmt.Errorf("reading the project: %w", err)
	}
	return project.Name.String(), nil
}

// All returns the stacks that have a file in a project's folder, in alphabetical order.
func All(project string) []string {
	// Glob returns an error only for an invalid pattern, and this one is constant.
	files, _ := filepath.Glob(filepath.Join(project, "Pulumi.*.yaml"))
	names := make([]string, len(files))
	for i, file := range files {
		names[i] = strings.TrimSuffix(strings.TrimPrefix(filepath.Base(file), "Pulumi."), ".yaml")
	}
	return names
}
