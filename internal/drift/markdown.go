package drift

import (
	"fmt"
	"slices"
	"strings"
)

// largest is the size of the Markdown in bytes: GitHub refuses a body of more than 65,536 characters.
const largest = 60_000

// Markdown returns the report for an issue that a job keeps up to date: it finds the issue by the first line. What does
// not fit is counted.
func (r *Report) Markdown() string {
	var out strings.Builder
	fmt.Fprintf(&out, "<!-- dreamseed-drift stack=%s -->\n## Drift of stack %s: %s\n\n%s.\n",
		r.Stack, r.Stack, r.Worst(), r.summary())
	found := r.attention()
	if len(found) > 0 {
		out.WriteString(howToDecide)
	}
	var blocks []string
	for i, one := range found {
		blocks = append(blocks, one.markdown(i+1))
	}
	for _, one := range slices.Concat(r.Incomplete, r.LeftOut) {
		blocks = append(blocks, "\n- not looked at: "+code(one))
	}
	for _, one := range r.Repairs {
		blocks = append(blocks, "\n- "+code(one.line()))
	}
	for i, block := range blocks {
		if out.Len()+len(block) > largest-len(furtherOnes)-len(r.Stack)-20 {
			fmt.Fprintf(&out, furtherOnes, len(blocks)-i, r.Stack)
			break
		}
		out.WriteString(block)
	}
	return out.String()
}

const (
	howToDecide = "\nThe name of a writer is its own claim: the audit log of the API server knows who it was. Decide on " +
		"each: take it back by its command, write it into the program, or accept it in `drift-accepted.yaml`.\n"
	furtherOnes = "\n\n%d more: run `dreamseed drift --stack %s`.\n"
)

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
