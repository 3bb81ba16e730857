// Command testcount compares the tests that passed, from the output of `go test -json`, with those that the module
// declares, and fails if one is missing. A test that was filtered, skipped, hidden behind a build tag, or in a package
// that no target runs any more must not go unnoticed. It also prints the slowest tests.
package main

import (
	"cmp"
	"errors"
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"
)

func main() {
	later := flag.String("later", "", "a package, by its folder, whose tests are left to another run")
	flag.Parse()
	if flag.NArg() == 0 {
		fmt.Fprintln(os.Stderr, "usage: testcount [-later <folder>] <the JSON of go test>...")
		os.Exit(2)
	}
	if err := run(*later, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "testcount:", err)
		os.Exit(1)
	}
}

func run(later string, files []string) error {
	declared, err := declaredTests(".")
	if err != nil {
		return fmt.Errorf("finding the declared tests: %w", err)
	}
	results, err := read(files)
	if err != nil {
		return fmt.Errorf("reading the results: %w", err)
	}
	left := declared.in(later)
	missing := declared.without(left).without(results.passed())
	fmt.Print(results.slowest(10))
	fmt.Printf("\ntests: %d of %d declared ones ran and passed\n", len(declared)-len(left)-len(missing), len(declared))
	if len(left) > 0 {
		fmt.Printf("       %d more, in %s, are left to make check\n", len(left), later)
	}
	if len(missing) == 0 {
		return nil
	}
	return errors.New("these did not:" + shortened(missing.names()))
}

// enough limits the list of missing tests: if a whole target is missing, nobody reads them all.
const enough = 20

func shortened(names []string) string {
	list := ""
	for _, name := range names[:min(enough, len(names))] {
		list += "\n  " + name
	}
	if len(names) > enough {
		list += fmt.Sprintf("\n  and %d more", len(names)-enough)
	}
	return list
}

// test is a top-level test, with the folder of its package in the module.
type test struct{ folder, name string }

type tests map[test]bool

// in returns the tests of a package.
func (t tests) in(folder string) tests {
	found := maps.Clone(t)
	maps.DeleteFunc(found, func(one test, _ bool) bool { return one.folder != folder })
	return found
}

func (t tests) without(others tests) tests {
	found := maps.Clone(t)
	maps.DeleteFunc(found, func(one test, _ bool) bool { return others[one] })
	return found
}

func (t tests) names() []string {
	var names []string
	for _, one := range slices.SortedFunc(maps.Keys(t), test.compare) {
		names = append(names, one.folder+" "+one.name)
	}
	return names
}

func (t test) compare(other test) int {
	return cmp.Or(cmp.Compare(t.folder, other.folder), cmp.Compare(t.name, other.name))
}
