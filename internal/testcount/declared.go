package main

import (
	"go/ast"
	"go/build"
	"go/parser"
	"go/token"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"unicode"
	"unicode/utf8"
)

// declaredTests returns the tests that the files of the module below root declare, whatever their build tags.
func declaredTests(root string) (tests, error) {
	found := tests{}
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			return skipOthers(root, path)
		}
		if !strings.HasSuffix(path, "_test.go") || !meantForHere(path) {
			return nil
		}
		names, err := testsOf(path)
		for _, name := range names {
			folder, _ := filepath.Rel(root, filepath.Dir(path)) // always below root
			found[test{filepath.ToSlash(folder), name}] = true
		}
		return err
	})
	return found, err
}

// skipOthers skips the folders that are not packages of the module: those that the Go command ignores, and other
// modules.
func skipOthers(root, folder string) error {
	if folder == root {
		return nil
	}
	name := filepath.Base(folder)
	_, err := os.Stat(filepath.Join(folder, "go.mod"))
	if strings.HasPrefix(name, ".") || strings.HasPrefix(name, "_") || name == "testdata" || err == nil {
		return filepath.SkipDir
	}
	return nil
}

// meantForHere reports whether a file's name fits this system, unlike x_windows_test.go. It treats the file as empty,
// so build tags have no effect.
func meantForHere(path string) bool {
	names := build.Default
	names.OpenFile = func(string) (io.ReadCloser, error) {
		return io.NopCloser(strings.NewReader("package empty\n")), nil
	}
	matches, err := names.MatchFile(filepath.Split(path))
	return matches && err == nil
}

// testsOf returns the names of the tests and fuzz tests that a file declares.
func testsOf(path string) ([]string, error) {
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, declaration := range file.Decls {
		function, ok := declaration.(*ast.FuncDecl)
		if ok && function.Recv == nil && isTest(function.Name.Name) {
			names = append(names, function.Name.Name)
		}
	}
	return names, nil
}

// isTest reports whether the Go command considers a function a test by its name.
func isTest(name string) bool {
	if name == "TestMain" {
		return false
	}
	for _, prefix := range []string{"Test", "Fuzz"} {
		if rest, ok := strings.CutPrefix(name, prefix); ok {
			first, _ := utf8.DecodeRuneInString(rest)
			return !unicode.IsLower(first)
		}
	}
	return false
}
