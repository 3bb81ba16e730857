// Command count says how many of the declared engine tests passed, from the JSON that `go test -json` wrote, and fails
// when one is missing: a test that was filtered, skipped or lost with its build tag must not go unnoticed.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"

	_ "embed"
)

// declared names the engine tests, one on a line.
//
//go:embed declared.txt
var declared string

const enginePackage = "github.com/dreamseed/platform/internal/enginetest"

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: count <the JSON of go test>")
		os.Exit(2)
	}
	if err := run(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "count:", err)
		os.Exit(1)
	}
}

func run(path string) error {
	file, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("opening the results: %w", err)
	}
	defer file.Close() //nolint:errcheck // it was only read
	passed, err := passedTests(file)
	if err != nil {
		return fmt.Errorf("reading the results: %w", err)
	}
	names := strings.Fields(declared)
	missing := without(names, passed)
	fmt.Printf("engine tests: %d of %d declared ones ran and passed\n", len(names)-len(missing), len(names))
	if len(missing) > 0 {
		return fmt.Errorf("these did not: %s", strings.Join(missing, ", "))
	}
	return nil
}

// passedTests reads the names of the engine tests that passed. A line that is no event, such as a compiler's, counts
// as nothing.
func passedTests(results io.Reader) (map[string]bool, error) {
	passed := map[string]bool{}
	lines := bufio.NewReader(results)
	for {
		line, err := lines.ReadBytes('\n')
		var event struct{ Action, Package, Test string }
		if json.Unmarshal(line, &event) == nil && strings.HasPrefix(event.Package, enginePackage) && event.Action == "pass" {
			passed[event.Test] = true
		}
		if err == io.EOF {
			return passed, nil
		}
		if err != nil {
			return nil, err
		}
	}
}

func without(names []string, passed map[string]bool) []string {
	var missing []string
	for _, name := range names {
		if !passed[name] {
			missing = append(missing, name)
		}
	}
	return missing
}
