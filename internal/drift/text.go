package drift

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/jedib0t/go-pretty/v6/table"
)

// Text returns the report for a terminal: the deviations as a table, and below it how each is taken back.
func (r *Report) Text() string {
	var out strings.Builder
	if found := r.attention(); len(found) > 0 {
		rows := table.NewWriter()
		rows.SetStyle(table.StyleLight)
		rows.AppendHeader(table.Row{"", "class", "what", "object", "by (claims to be)", "why"})
		for i, one := range found {
			rows.AppendRow(table.Row{i + 1, one.Class, one.what(), one.Object, one.By.claim(), one.Why})
		}
		out.WriteString(rows.Render() + "\nTo take it back:\n")
		for i, one := range found {
			fmt.Fprintf(&out, "%d  %s\n", i+1, one.Remedy)
		}
	}
	for _, one := range r.Repairs {
		out.WriteString(one.line() + "\n")
	}
	for _, one := range slices.Concat(r.Incomplete, r.LeftOut) {
		fmt.Fprintf(&out, "not looked at: %s\n", printable(one))
	}
	out.WriteString(r.summary() + "\n")
	return out.String()
}

// JSON returns the report for programs.
func (r *Report) JSON() (string, error) {
	r.Class = r.Worst()
	if r.Findings == nil {
		r.Findings = []Finding{}
	}
	encoded, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return "", fmt.Errorf("encoding the report: %w", err)
	}
	return string(encoded) + "\n", nil
}

func (r *Report) summary() string {
	return fmt.Sprintf("stack %s: %d dangerous, %d suspicious, %d benign, %d accepted "+
		"(%d objects of the program, %d live objects of %d kinds, %d resources refreshed)", r.Stack,
		r.count(Dangerous), r.count(Suspicious), r.count(Benign), r.accepted(), r.Objects, r.Live, r.Kinds, r.Resources)
}

// what says what happened to which field.
func (f Finding) what() string { return strings.TrimSpace(string(f.Change) + " " + printable(f.Path)) }

// claim says who wrote it, by the writer's own statement.
func (w Writer) claim() string {
	if w.Manager == "" {
		return "nobody says"
	}
	said := printable(w.Manager) + " (" + w.Operation
	if w.Subresource != "" {
		said += " of " + printable(w.Subresource)
	}
	if w.Time != nil {
		said += ", " + w.Time.Format(time.RFC3339)
	}
	return said + ")"
}

func (r Repair) line() string {
	said := "taken back: " + r.Object.String()
	if r.Refused != "" {
		said = "refused: " + r.Object.String() + ": " + printable(r.Refused)
	}
	if len(r.Paths) > 0 {
		said += " [" + printable(strings.Join(r.Paths, ", ")) + "]"
	}
	return said
}

// printable replaces what would move a terminal's cursor or break a line: names of managers and keys are anybody's.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return '?'
		}
		return r
	}, text)
}
