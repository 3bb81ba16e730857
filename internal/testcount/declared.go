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

// declaredTests are what the files of the module below root declare, whatever build tag a file has.
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
			folder, _ := filepath.Rel(root, filepath.Dir(path)) // it lies below
			found[test{filepath.ToSlash(folder), name}] = true
		}
		return err
	})
	return found, err
}

// skipOthers leaves out the folders that are no package of the module: those the Go command ignores, and other modules.
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

// meantForHere reports whether the name of a file is not that of one for another system, such as x_windows_test.go. The
// file is taken for an empty one, so that no build tag counts.
func meantForHere(path string) bool {
	names := build.Default
	names.OpenFile = func(string) (io.ReadCloser, error) {
		return io.NopCloser(strings.NewReader("package empty\n")), nil
	}
	matches, err := names.MatchFile(filepath.Split(path))
	return matches && err == nil
}

// testsOf names the tests and fuzz tests that a file declares.
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

// isTest reports whether the Go command takes a function for a test by its name.
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
