package stack

import (
	"fmt"
	"path/filepath"

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
