// Package stackfile changes values in the file of a stack, Pulumi.<stack>.yaml, and leaves the rest of it as it is
// written.
package stackfile

import (
	"fmt"
	"os"
	"path/filepath"
)

// ContentError means that the content of a file that people write is wrong. Nothing was changed.
type ContentError struct{ Err error }

func (e *ContentError) Error() string { return e.Err.Error() }

// Unwrap returns the mistakes themselves.
func (e *ContentError) Unwrap() error { return e.Err }

// File is a stack's file. Changes stay in memory until Save.
type File struct {
	// path is the file itself, if the stack's file is a link.
	path, name string
	// found is the original content, and content the one that Save writes.
	found, content []byte
}

// Open reads the file of a stack. It does not check the content.
func Open(project, stack string) (*File, error) {
	name := Name(stack)
	path, err := filepath.EvalSymlinks(filepath.Join(project, name))
	if err != nil {
		return nil, fmt.Errorf("finding %s: %w", name, err)
	}
	content, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", name, err)
	}
	return &File{path: path, name: name, found: content, content: content}, nil
}

// Name returns the name of a stack's file.
func Name(stack string) string { return "Pulumi." + stack + ".yaml" }

// Name returns the name of the file.
func (f *File) Name() string { return f.name }

// Content returns the content that Save writes.
func (f *File) Content() []byte { return f.content }

// Path returns the path of the file itself, if the stack's file is a link.
func (f *File) Path() string { return f.path }
