package drift

import (
	"fmt"
	"slices"
	"strings"
)

// largest is the size of the Markdown in bytes: GitHub refuses a body of more than 65,536 characters.
const largest = 60_000

// Markdown returns the report for an issue that a job keeps up to date: it finds the issue by the first line. Findings
// that do not fit are counted.
func (r *Report) Markdown() string {
	head := fmt.Sprintf("<!-- dreamseed-drift stack=%s -->\n## Drift of stack %s: %s\n\n%s.\n",
		r.Stack, r.Stack, r.Worst(), r.summary())
	for _, one := range slices.Concat(r.Incomplete, r.LeftOut) {
		head += "\n- not looked at: " + code(one)
	}
	for _, one := range r.Repairs {
		head += "\n- " + code(one.line())
	}
	found := r.attention()
	if len(found) > 0 {
		head += "\nThe name of a writer is its own claim: the audit log of the API server knows who it was. Decide on each: " +
			"take it back by its command, write it into the program, or accept it in `drift-accepted.yaml`.\n"
	}
	var body strings.Builder
	for i, one := range found {
		block := one.markdown(i + 1)
		if len(head)+body.Len()+len(block) > largest-200 {
			fmt.Fprintf(&body, "\n%d more: run `dreamseed drift --stack %s`.\n", len(found)-i, r.Stack)
			break
		}
		body.WriteString(block)
	}
	return cut(head, largest-body.Len()) + body.String()
}

// markdown is a finding with its command, which is folded as long as nobody needs it.
func (f Finding) markdown(number int) string {
	said := fmt.Sprintf("\n### %d. %s: %s of %s\n\n%s. By %s.\n", number, f.Class, code(f.what()), code(f.Object.String()),
		f.Why, code(f.By.claim()))
	if f.Remedy == "" {
		return said
	}
	return said + fence(f.Remedy)
}

// code quotes a text that may hold anything.
func code(text string) string {
	return "`" + strings.NewReplacer("`", "'", "<", "‹", "|", "¦").Replace(printable(text)) + "`"
}

// fence quotes a command.
func fence(text string) string {
	return "\n```sh\n" + strings.ReplaceAll(printable(text), "```", "'''") + "\n```\n"
}

// cut shortens a text to a number of bytes, at the end of a line.
func cut(text string, size int) string {
	if len(text) <= size {
		return text
	}
	text = text[:max(0, size-1)]
	return text[:strings.LastIndexByte(text, '\n')+1]
}
