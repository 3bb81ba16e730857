package main

import (
	"bufio"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// result is the outcome of a top-level test.
type result struct {
	passed bool
	// seconds is the duration of the test, including its wait for others; 0 until it has ended.
	seconds float64
	// waited is the time that it waited for earlier tests on the same testbed, as package testbed logs it.
	waited float64
}

type results map[test]result

// read reads the output of `go test -json`.
func read(files []string) (results, error) {
	all := results{}
	for _, name := range files {
		file, err := os.Open(name)
		if err != nil {
			return nil, err
		}
		err = all.add(file)
		_ = file.Close() // opened for reading only
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	return all, nil
}

const module = "github.com/dreamseed/platform"

var waiting = regexp.MustCompile(`waited ([0-9.]+)s for testbed`)

// event is a line of `go test -json`.
type event struct {
	Action, Package, Test, Output string
	Elapsed                       float64
}

// add adds the results of a run. It ignores lines that are not events, such as a compiler's.
func (r results) add(lines io.Reader) error {
	reader := bufio.NewReader(lines)
	for {
		line, err := reader.ReadBytes('\n')
		var e event
		if json.Unmarshal(line, &e) == nil && e.Test != "" && !strings.Contains(e.Test, "/") {
			r.take(e)
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

func (r results) take(e event) {
	of := test{strings.TrimPrefix(strings.TrimPrefix(e.Package, module), "/"), e.Test}
	if of.folder == "" {
		of.folder = "."
	}
	now := r[of]
	switch e.Action {
	case "output":
		if found := waiting.FindStringSubmatch(e.Output); found != nil {
			now.waited, _ = strconv.ParseFloat(found[1], 64) // the pattern matches only numbers
		}
	case "pass", "fail", "skip":
		now.passed, now.seconds = e.Action == "pass", e.Elapsed
	default:
		return
	}
	r[of] = now
}

func (r results) passed() tests {
	found := tests{}
	for of, one := range r {
		if one.passed {
			found[of] = true
		}
	}
	return found
}

// slowest returns a table of the tests with the longest working time.
func (r results) slowest(count int) string {
	var all []test
	for of, one := range r {
		if one.seconds > 0 {
			all = append(all, of)
		}
	}
	slices.SortFunc(all, func(a, b test) int {
		return cmp.Or(cmp.Compare(r[b].atWork(), r[a].atWork()), a.compare(b))
	})
	var table strings.Builder
	fmt.Fprintln(&table, "slowest tests, without what they waited for a testbed:")
	for _, of := range all[:min(count, len(all))] {
		fmt.Fprintf(&table, "%7.1f s  %s %s\n", r[of].atWork(), of.folder, of.name)
	}
	return table.String()
}

func (r result) atWork() float64 { return r.seconds - r.waited }
