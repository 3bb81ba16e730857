package config

import (
	"fmt"
	"iter"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/dreamseed/platform/internal/invalid"
)

// topLevel are the keys that the engine reads in a stack file (type ProjectStack in
// https://github.com/pulumi/pulumi/blob/v3.246.0/sdk/go/common/workspace/project.go). It ignores any other.
var topLevel = []string{"config", "encryptedkey", "encryptionsalt", "environment", "secretsprovider"}

// checkSyntax finds text that the engine silently misreads: keys beside config:, which it ignores, and dates, which it
// passes on in another format. The engine itself reports invalid YAML.
func checkSyntax(content []byte, problems *invalid.Problems) {
	var document yaml.Node
	if yaml.Unmarshal(content, &document) != nil || len(document.Content) == 0 {
		return
	}
	for key, value := range entries(document.Content[0]) {
		switch {
		case key == "config":
			checkDates("", value, problems)
		case !slices.Contains(topLevel, key):
			misplaced(key, problems)
		}
	}
}

func misplaced(key string, problems *invalid.Problems) {
	const where = "(beside config:)"
	if name, ours := strings.CutPrefix(key, prefix); ours {
		problems.Add(name, where, "must stand below config:, where the engine reads it, two spaces in")
		return
	}
	*problems = append(*problems, invalid.Problem{Key: key, Value: where, Foreign: true,
		Rule: fmt.Sprintf("is not a known key; beside config: the engine reads %s", strings.Join(topLevel[1:], ", "))})
}

func checkDates(key string, at *yaml.Node, problems *invalid.Problems) {
	switch at.Kind { //nolint:exhaustive // an alias repeats what was looked at where its anchor stands
	case yaml.MappingNode:
		for name, value := range entries(at) {
			checkDates(joined(key, name), value, problems)
		}
	case yaml.SequenceNode:
		for i, value := range at.Content {
			checkDates(fmt.Sprintf("%s[%d]", key, i), value, problems)
		}
	case yaml.ScalarNode:
		if at.ShortTag() == "!!timestamp" {
			problems.Add(key, at.Value, "must be quoted: YAML takes it for a date, and the engine hands over another text")
		}
	}
}

func joined(key, name string) string {
	if key == "" {
		return strings.TrimPrefix(name, prefix)
	}
	return key + "." + name
}

// entries returns the keys and values of a mapping, in the order of the file, and nothing for other nodes.
func entries(mapping *yaml.Node) iter.Seq2[string, *yaml.Node] {
	return func(yield func(string, *yaml.Node) bool) {
		if mapping.Kind != yaml.MappingNode {
			return
		}
		for i := 0; i+1 < len(mapping.Content); i += 2 {
			if !yield(mapping.Content[i].Value, mapping.Content[i+1]) {
				return
			}
		}
	}
}
