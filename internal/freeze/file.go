package freeze

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/dreamseed/platform/internal/atomicfile"
)

// Name is the name of the file, in the project's folder.
const Name = "freeze.yaml"

// File is the file with the freezes. Changes stay in memory until Save.
type File struct {
	path    string
	content []byte
	freezes []Freeze
}

// Open reads the file of a project with these stacks. It is empty where there is none. The error is a ContentError with
// every mistake in the file: a freeze that cannot be read is not taken for none.
func Open(project string, stacks []string) (*File, error) {
	path := filepath.Join(project, Name)
	content, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("reading %s: %w", Name, err)
	}
	freezes, err := read(content, stacks)
	if err != nil {
		return nil, &ContentError{fmt.Errorf("reading %s:\n%w", Name, err)}
	}
	return &File{path, content, freezes}, nil
}

// Of returns the freeze of a stack, which may be over, and whether there is one.
func (f *File) Of(stack string) (Freeze, bool) {
	at := f.index(stack)
	if at < 0 {
		return Freeze{}, false
	}
	return f.freezes[at], true
}

// Check returns a FrozenError if the stack is frozen now.
func (f *File) Check(stack string, now time.Time) error {
	if frozen, found := f.Of(stack); found && frozen.Active(now) {
		return &FrozenError{frozen}
	}
	return nil
}

// Set adds a freeze, or replaces that of the same stack. Comments stay.
func (f *File) Set(frozen Freeze) error {
	return f.edit(func(list *yaml.Node) {
		at := f.index(frozen.Stack)
		if at < 0 {
			list.Content = append(list.Content, entry(frozen))
			f.freezes = append(f.freezes, frozen)
			return
		}
		for i := 0; i+1 < len(list.Content[at].Content); i += 2 {
			list.Content[at].Content[i+1].Value = values(frozen)[list.Content[at].Content[i].Value]
		}
		f.freezes[at] = frozen
	})
}

// Lift removes the freeze of a stack, with the comments inside of it. The comment above the list stays.
func (f *File) Lift(stack string) error {
	return f.edit(func(list *yaml.Node) {
		at := f.index(stack)
		if at < 0 {
			return
		}
		if at == 0 {
			list.HeadComment = cmp.Or(list.HeadComment, list.Content[0].HeadComment)
		}
		list.Content = slices.Delete(list.Content, at, at+1)
		f.freezes = slices.Delete(f.freezes, at, at+1)
	})
}

// Save atomically replaces the file with the changed one.
func (f *File) Save() error {
	if err := atomicfile.Write(f.path, f.content); err != nil {
		return fmt.Errorf("writing %s: %w", Name, err)
	}
	return nil
}

func (f *File) index(stack string) int {
	return slices.IndexFunc(f.freezes, func(one Freeze) bool { return one.Stack == stack })
}

// edit changes the list of freezes. YAML drops the comments of a file that has nothing else, so these are kept apart.
func (f *File) edit(change func(list *yaml.Node)) error {
	var document yaml.Node
	if err := yaml.Unmarshal(f.content, &document); err != nil {
		return fmt.Errorf("reading %s again: %w", Name, err)
	}
	var before []byte
	if document.Kind == 0 {
		before = f.content
		document = yaml.Node{Kind: yaml.DocumentNode, Content: []*yaml.Node{{Kind: yaml.SequenceNode}}}
	}
	list := document.Content[0]
	change(list)
	list.Style = 0
	var written bytes.Buffer
	encoder := yaml.NewEncoder(&written)
	encoder.SetIndent(2)
	if err := errors.Join(encoder.Encode(&document), encoder.Close()); err != nil {
		return fmt.Errorf("changing %s: %w", Name, err)
	}
	f.content = append(slices.Clip(before), written.Bytes()...)
	return nil
}

// values returns the freeze by the keys of the file.
func values(f Freeze) map[string]string {
	return map[string]string{"stack": f.Stack, "reason": f.Reason, "until": f.Ends()}
}

func entry(f Freeze) *yaml.Node {
	mapping := &yaml.Node{Kind: yaml.MappingNode}
	for _, key := range keys {
		mapping.Content = append(mapping.Content,
			&yaml.Node{Kind: yaml.ScalarNode, Value: key},
			&yaml.Node{Kind: yaml.ScalarNode, Tag: tags[key], Value: values(f)[key]})
	}
	return mapping
}

// tags keep a reason such as `2026` a string when it is written.
var tags = map[string]string{"stack": "!!str", "reason": "!!str", "until": "!!timestamp"}
