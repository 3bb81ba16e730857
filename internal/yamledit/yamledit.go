// Package yamledit changes one value of a YAML document and leaves every other byte as it is. To parse a document and
// encode it again, as YAML libraries do, loses blank lines, the columns of comments and how values were written.
package yamledit

import (
	"errors"
	"fmt"
	"reflect"
	"strings"

	"go.yaml.in/yaml/v3"
)

// ErrLayout says that a document is written in a way that Set does not know how to change.
var ErrLayout = errors.New("must be written with plain objects on the way there, without aliases, and on one line")

// Set puts a text at a path of keys, beginning at the top of the document, and makes the objects that are missing. They
// come last in the object that they belong to. The error holds nothing of the document.
func Set(document []byte, path []string, value string) ([]byte, error) {
	var root yaml.Node
	if err := yaml.Unmarshal(document, &root); err != nil || root.Kind != yaml.DocumentNode {
		return nil, layoutError(path)
	}
	place, found := locate(root.Content[0], path)
	if !found {
		return nil, layoutError(path)
	}
	changed, done := edit(string(document), place, value)
	if !done || !differsInThis(document, []byte(changed), path, value) {
		return nil, layoutError(path)
	}
	return []byte(changed), nil
}

func layoutError(path []string) error {
	return fmt.Errorf("setting %s: %w", strings.Join(path, "."), ErrLayout)
}

// place is where a value belongs.
type place struct {
	// mapping is the innermost object on the path that is there already.
	mapping *yaml.Node
	// key and value are the entry itself. Nil where it is missing.
	key, value *yaml.Node
	// missing is the path from mapping on, where there is no entry.
	missing []string
	// flow says that mapping is written in braces, or something around it is.
	flow bool
}

// locate finds no place where something on the path is there and is no object, or the value is one.
func locate(node *yaml.Node, path []string) (place, bool) {
	at := place{mapping: node}
	for i, name := range path {
		if at.mapping.Kind != yaml.MappingNode {
			return place{}, false
		}
		at.flow = at.flow || at.mapping.Style&yaml.FlowStyle != 0
		key, value := entry(at.mapping, name)
		if key == nil {
			at.missing = path[i:]
			return at, true
		}
		if i == len(path)-1 {
			at.key, at.value = key, value
			return at, value.Kind == yaml.ScalarNode
		}
		at.mapping = value
	}
	return place{}, false
}

func entry(mapping *yaml.Node, name string) (key, value *yaml.Node) {
	for i := 0; i+1 < len(mapping.Content); i += 2 {
		if mapping.Content[i].Value == name {
			return mapping.Content[i], mapping.Content[i+1]
		}
	}
	return nil, nil
}

// differsInThis is the judge of every edit, which goes by the text alone: read as a whole, the new document is the old
// one with this value.
func differsInThis(before, after []byte, path []string, value string) bool {
	var want, got any
	if yaml.Unmarshal(before, &want) != nil || yaml.Unmarshal(after, &got) != nil {
		return false
	}
	object, ok := want.(map[string]any)
	return ok && put(object, path, value) && reflect.DeepEqual(want, got)
}

func put(object map[string]any, path []string, value string) bool {
	if len(path) == 1 {
		object[path[0]] = value
		return true
	}
	if _, there := object[path[0]]; !there {
		object[path[0]] = map[string]any{}
	}
	below, ok := object[path[0]].(map[string]any)
	return ok && put(below, path[1:], value)
}
