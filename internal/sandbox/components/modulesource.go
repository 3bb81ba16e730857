package components

import (
	"context"
	"fmt"

	"github.com/dreamseed/platform/internal/sandbox/layout"
)

// ModuleSource returns the folder in which the Go command keeps the module that a component is built from, and the
// module's version. It downloads the module if necessary.
func ModuleSource(ctx context.Context, l layout.Layout, c Component) (folder, version string, err error) {
	b := &builder{layout: l, goCommand: "go"}
	if version, err = b.version(c); err != nil {
		return "", "", fmt.Errorf("finding the version of %s: %w", c.Name, err)
	}
	folder, err = b.moduleFolder(ctx, c.Module, c.Version.Module)
	if err != nil {
		return "", "", fmt.Errorf("finding the source of %s: %w", c.Name, err)
	}
	return folder, version, nil
}
