package live

import (
	"context"
	"fmt"
	"strings"

	"github.com/dreamseed/platform/internal/operator"
)

// Served returns a function that reports whether the API server serves every kind of an operator that is looked at.
func Served(ctx context.Context, reader Reader) (func(operator.Name) bool, error) {
	var answer struct {
		Groups []struct {
			Name     string `json:"name"`
			Versions []struct {
				GroupVersion string `json:"groupVersion"`
			} `json:"versions"`
		} `json:"groups"`
	}
	if err := reader.Read(ctx, "/apis", &answer); err != nil {
		return nil, fmt.Errorf("listing the API groups: %w", err)
	}
	served := map[string]bool{}
	for _, group := range answer.Groups {
		for _, version := range group.Versions {
			served[version.GroupVersion] = true
		}
	}
	return func(name operator.Name) bool {
		for _, path := range pathsOf(name) {
			if !served[groupVersion(path)] {
				return false
			}
		}
		return true
	}, nil
}

// pathsOf returns the paths of an operator's kinds.
func pathsOf(name operator.Name) []string {
	var paths []string
	for _, kind := range workloadKinds {
		if kind.operator == name {
			paths = append(paths, kind.path)
		}
	}
	for _, kind := range sourceKinds {
		if kind.operator == name {
			paths = append(paths, kind.path)
		}
	}
	for _, kind := range heldKinds {
		if kind.operator == name {
			paths = append(paths, kind.path)
		}
	}
	return paths
}

// groupVersion returns apps/v1 of /apis/apps/v1/deployments.
func groupVersion(path string) string {
	parts := strings.Split(strings.TrimPrefix(path, "/apis/"), "/")
	return strings.Join(parts[:len(parts)-1], "/")
}
