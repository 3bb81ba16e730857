package versions

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"go.yaml.in/yaml/v3"
)

// commit matches the whole hash of a commit. Anything shorter is a tag or a branch, which can be moved
// (https://docs.github.com/en/actions/reference/security/secure-use#using-third-party-actions).
var commit = regexp.MustCompile(`^[0-9a-f]{40}$`)

// actions returns the actions that the workflows and the actions of the project use from other repositories.
func actions(project string) ([]Pin, error) {
	var pins []Pin
	folder := filepath.Join(project, ".github")
	err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !isYAML(path) {
			return err
		}
		found, err := actionsIn(project, path)
		pins = append(pins, found...)
		return err
	})
	if _, missing := os.Stat(folder); missing != nil {
		return nil, nil // a project without workflows
	}
	return pins, err
}

func isYAML(path string) bool {
	extension := filepath.Ext(path)
	return extension == ".yml" || extension == ".yaml"
}

func actionsIn(project, path string) ([]Pin, error) {
	where, err := filepath.Rel(project, path)
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", path, err)
	}
	content, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", where, err)
	}
	var document yaml.Node
	if err := yaml.Unmarshal(content, &document); err != nil {
		return nil, fmt.Errorf("reading %s: %w", where, err)
	}
	var pins []Pin
	for _, used := range uses(&document) {
		name, version, versioned := strings.Cut(used.Value, "@")
		if !versioned {
			continue // a folder of this repository
		}
		pin := Pin{Kind: Action, Name: name, Version: version, Where: where}
		if commit.MatchString(version) {
			pin.Commit, pin.Version = version, strings.TrimSpace(strings.TrimLeft(used.LineComment, "# "))
		}
		pins = append(pins, pin)
	}
	return pins, nil
}

// uses returns the values of every key `uses`, at any depth.
func uses(node *yaml.Node) []*yaml.Node {
	var found []*yaml.Node
	for i, child := range node.Content {
		if node.Kind == yaml.MappingNode && i%2 == 1 && node.Content[i-1].Value == "uses" && child.Kind == yaml.ScalarNode {
			found = append(found, child)
		}
		found = append(found, uses(child)...)
	}
	return found
}
