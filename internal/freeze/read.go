package freeze

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/dreamseed/platform/internal/invalid"
)

// keys are the keys of a freeze, all of which it must have, in the order in which they are written.
var keys = []string{"stack", "reason", "until"}

// read returns the freezes in a file, or every mistake.
func read(content []byte, stacks []string) ([]Freeze, error) {
	list, err := readList(content)
	if err != nil || list == nil {
		return nil, err
	}
	var freezes []Freeze
	var mistakes []error
	for i, node := range list.Content {
		frozen, wrong := readFreeze(node, stacks)
		if slices.ContainsFunc(freezes, func(one Freeze) bool { return one.Stack == frozen.Stack }) {
			wrong = append(wrong, fmt.Errorf("stack is %q: it must not be listed twice", frozen.Stack))
		}
		for _, mistake := range wrong {
			mistakes = append(mistakes, fmt.Errorf("freeze %d, line %d: %w", i+1, node.Line, mistake))
		}
		freezes = append(freezes, frozen)
	}
	return freezes, errors.Join(mistakes...)
}

// readList returns the one list in a file, or nil if there is nothing but comments.
func readList(content []byte) (*yaml.Node, error) {
	decoder := yaml.NewDecoder(bytes.NewReader(content))
	var document, further yaml.Node
	if err := decoder.Decode(&document); errors.Is(err, io.EOF) {
		return nil, nil
	} else if err != nil {
		return nil, err
	}
	if err := decoder.Decode(&further); !errors.Is(err, io.EOF) {
		return nil, errors.New("it must be one YAML document: nothing may follow `---` or `...`")
	}
	list := document.Content[0]
	if list.Kind != yaml.SequenceNode {
		return nil, fmt.Errorf("it must be a list, each element with %s", strings.Join(keys, ", "))
	}
	return list, nil
}

func readFreeze(node *yaml.Node, stacks []string) (Freeze, []error) {
	if node.Kind != yaml.MappingNode {
		return Freeze{}, []error{fmt.Errorf("it must have the keys %s", strings.Join(keys, ", "))}
	}
	found, mistakes := readFields(node)
	if stack, given := found["stack"]; given && !slices.Contains(stacks, stack) {
		mistakes = append(mistakes, fmt.Errorf("stack is %q: it %s", stack, invalid.OneOf(stacks)))
	}
	frozen := Freeze{Stack: found["stack"], Reason: found["reason"]}
	if reason, given := found["reason"]; given {
		mistakes = append(mistakes, checkReason(reason))
	}
	if until, given := found["until"]; given {
		ends, err := parseTime(until)
		frozen.Until, mistakes = ends, append(mistakes, err)
	}
	return frozen, slices.DeleteFunc(mistakes, func(err error) bool { return err == nil })
}

// readFields returns the values as they are written, so that a date is no problem whether it is quoted or not.
func readFields(node *yaml.Node) (map[string]string, []error) {
	found := map[string]string{}
	var mistakes []error
	for i := 0; i+1 < len(node.Content); i += 2 {
		key := node.Content[i].Value
		_, again := found[key]
		switch {
		case !slices.Contains(keys, key):
			mistakes = append(mistakes, fmt.Errorf("%s is not a known key; the keys are %s", key, strings.Join(keys, ", ")))
		case again:
			mistakes = append(mistakes, fmt.Errorf("%s is given twice", key))
		default:
			found[key] = node.Content[i+1].Value // none in a list or an object
		}
	}
	for _, key := range keys {
		if _, given := found[key]; !given {
			mistakes = append(mistakes, fmt.Errorf("%s is missing", key))
		}
	}
	return found, mistakes
}
