package report

import (
	"encoding/json"
	"fmt"
	"strings"
	"unicode/utf8"
)

// code returns text as code in a line, whatever backticks are in it
// (https://github.github.com/gfm/#code-spans).
func code(text string) string {
	return "`" + strings.ReplaceAll(inline(text), "`", "'") + "`"
}

// inline returns text without line breaks, and without what Markdown would take for a comment, a tag or a mention.
func inline(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	return strings.NewReplacer("<", "&lt;", "@", "@\u200b").Replace(text)
}

// fenced returns lines as a block of code in a language. No line can end it.
func fenced(language string, lines []string) string {
	text := strings.ReplaceAll(strings.Join(lines, "\n"), "```", "'''")
	return "```" + language + "\n" + text + "\n```"
}

// folded returns a block that opens on demand.
func folded(title, block string) string {
	return fmt.Sprintf("<details><summary>%s</summary>\n\n%s\n\n</details>", title, block)
}

// shownValue limits a value, in bytes.
const shownValue = 200

// value returns a value on one line.
func value(of any, found bool) string {
	if !found {
		return "(none)"
	}
	encoded, err := json.Marshal(of)
	if err != nil {
		return "(not to be shown)" // every value was decoded from JSON
	}
	return shortened(string(encoded), shownValue)
}

// shortened cuts a text between two characters.
func shortened(text string, limit int) string {
	if len(text) <= limit {
		return text
	}
	cut := limit
	for cut > 0 && !utf8.RuneStart(text[cut]) {
		cut--
	}
	return fmt.Sprintf("%s… (%d bytes)", text[:cut], len(text))
}

// counting returns a number with its noun: 1 service, 2 services.
func counting(count int, noun string) string {
	if count == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", count, noun)
}
