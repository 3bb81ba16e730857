package versions

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/modfile"
)

// modules returns Go, and the modules that the go.mod files require directly or run as tools.
func modules(project string) ([]Pin, error) {
	further, err := filepath.Glob(filepath.Join(project, "tools", "*", "go.mod"))
	if err != nil {
		return nil, fmt.Errorf("finding the go.mod files: %w", err)
	}
	var pins []Pin
	for _, path := range append([]string{filepath.Join(project, "go.mod")}, further...) {
		found, err := modulesOf(project, path)
		if err != nil {
			return nil, err
		}
		pins = append(pins, found...)
	}
	return pins, nil
}

func modulesOf(project, path string) ([]Pin, error) {
	where, err := filepath.Rel(project, path)
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", path, err)
	}
	content, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", where, err)
	}
	file, err := modfile.Parse(where, content, nil)
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", where, err)
	}
	var pins []Pin
	if file.Go != nil {
		pins = append(pins, Pin{Kind: Go, Name: "Go", Version: file.Go.Version, Where: where})
	}
	for _, required := range file.Require {
		if !required.Indirect || isTool(file, required.Mod.Path) {
			pins = append(pins, Pin{Kind: Module, Name: required.Mod.Path, Version: built(file, required), Where: where})
		}
	}
	return pins, nil
}

// isTool reports whether the file runs a program of the module.
func isTool(file *modfile.File, module string) bool {
	for _, tool := range file.Tool {
		if tool.Path == module || strings.HasPrefix(tool.Path, module+"/") {
			return true
		}
	}
	return false
}

// built returns the version that is built: the one of the replace list, if it is there.
func built(file *modfile.File, required *modfile.Require) string {
	for _, replaced := range file.Replace {
		sameVersion := replaced.Old.Version == "" || replaced.Old.Version == required.Mod.Version
		if replaced.Old.Path != required.Mod.Path || !sameVersion {
			continue
		}
		if replaced.New.Path != replaced.Old.Path {
			return strings.TrimSpace(replaced.New.Path + " " + replaced.New.Version)
		}
		return replaced.New.Version
	}
	return required.Mod.Version
}
