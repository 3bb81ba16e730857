package yamledit

import (
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

func edit(text string, at place, value string) (string, bool) {
	switch {
	case at.value != nil:
		return replace(text, at, value)
	case at.flow:
		return insertInFlow(text, at, value)
	default:
		return insertInBlock(text, at, value)
	}
}

// replace writes a value in the place of another one. A comment behind the old value stays.
func replace(text string, at place, value string) (string, bool) {
	start, ok := offset(text, at.value)
	if !ok {
		return "", false
	}
	length := tokenLength(text[start:], at.value)
	if length == 0 {
		return "", false
	}
	before, behind := text[:start], text[start+length:]
	if at.value.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0 {
		behind = behindBlockScalar(text, at, behind)
	}
	if at.flow {
		return before + strings.TrimSuffix(strings.TrimPrefix(encode([]string{"k"}, value, yaml.FlowStyle), "{k: "), "}") +
			behind, true
	}
	written := strings.TrimPrefix(encode([]string{"k"}, value, 0), "k: ")
	header, body, several := strings.Cut(written, "\n")
	if !several {
		return before + header + behind, true
	}
	comment, rest, _ := strings.Cut(behind, "\n")
	return before + header + comment + "\n" + indented(body, at.key.Column-1) + rest, true
}

var (
	doubleQuoted = regexp.MustCompile(`^"(?:[^"\\\n]|\\.)*"`)
	singleQuoted = regexp.MustCompile(`^'(?:[^'\n]|'')*'`)
	blockHeader  = regexp.MustCompile(`^[|>][-+0-9]*`)
)

// tokenLength is how long the value at the start of a text is, and of a block scalar its header. 0 is that of a value
// which is written in a way that is not known here, such as over several lines.
func tokenLength(text string, value *yaml.Node) int {
	switch {
	case value.Style&yaml.DoubleQuotedStyle != 0:
		return len(doubleQuoted.FindString(text))
	case value.Style&yaml.SingleQuotedStyle != 0:
		return len(singleQuoted.FindString(text))
	case value.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0:
		return len(blockHeader.FindString(text))
	case strings.HasPrefix(text, value.Value):
		return len(value.Value)
	default:
		return 0
	}
}

// behindBlockScalar is the rest of the header's line, and what comes behind the value.
func behindBlockScalar(text string, at place, behind string) string {
	comment, _, _ := strings.Cut(behind, "\n")
	lines := strings.SplitAfter(text, "\n")
	end := entryEnd(lines, at.value.Line-1, at.key.Column-1)
	return comment + "\n" + strings.Join(lines[end:], "")
}

// insertInFlow writes an entry before the brace that closes an object.
func insertInFlow(text string, at place, value string) (string, bool) {
	start, ok := offset(text, at.mapping)
	if !ok {
		return "", false
	}
	length, ok := flowLength(text[start:])
	if !ok {
		return "", false
	}
	closing := start + length - 1
	entries := strings.TrimRight(text[:closing], " \t\r\n")
	separator := ", "
	switch {
	case len(at.mapping.Content) == 0:
		separator = ""
	case strings.HasSuffix(entries, ","):
		separator = " "
	}
	written := encode(at.missing, value, yaml.FlowStyle)
	return entries + separator + written[1:len(written)-1] + text[len(entries):], true
}

// flowToken is a word, a quoted text, a comment or a sign. What is quoted or commented may hold braces.
var flowToken = regexp.MustCompile(
	`(?s)"(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|#[^\n]*|[^\s,\[\]{}:"'#][^\s,\[\]{}:]*|.`)

// flowLength is how long the object in braces is that a text starts with.
func flowLength(text string) (int, bool) {
	if !strings.HasPrefix(text, "{") {
		return 0, false
	}
	depth := 0
	for _, token := range flowToken.FindAllStringIndex(text, -1) {
		switch text[token[0]:token[1]] {
		case "{", "[":
			depth++
		case "}", "]":
			depth--
		}
		if depth == 0 {
			return token[1], true
		}
	}
	return 0, false
}

// insertInBlock writes an entry on lines of its own behind the last one of an object.
func insertInBlock(text string, at place, value string) (string, bool) {
	if len(at.mapping.Content) == 0 {
		return "", false
	}
	last := at.mapping.Content[len(at.mapping.Content)-2]
	lines := strings.SplitAfter(text, "\n")
	if last.Line > len(lines) {
		return "", false
	}
	end := entryEnd(lines, last.Line-1, last.Column-1)
	if !strings.HasSuffix(lines[end-1], "\n") {
		lines[end-1] += "\n"
	}
	written := indented(encode(at.missing, value, 0), last.Column-1)
	return strings.Join(slices.Insert(lines, end, written), ""), true
}

// entryEnd is the line behind an entry that begins on one line and whose key is so far in. What is further in belongs
// to it, and so do the dashes of a list. Blank lines and comments at its end belong to what follows.
func entryEnd(lines []string, first, indent int) int {
	end := first + 1
	for i := end; i < len(lines); i++ {
		content := strings.TrimLeft(lines[i], " ")
		in := len(lines[i]) - len(content)
		switch {
		case in > indent && strings.TrimSpace(content) != "", in == indent && strings.HasPrefix(content, "- "):
			end = i + 1
		case strings.TrimSpace(content) != "" && !strings.HasPrefix(content, "#"):
			return end
		}
	}
	return end
}

// offset is where a node begins in the text.
func offset(text string, node *yaml.Node) (int, bool) {
	line, column := node.Line-1, node.Column-1
	lines := strings.SplitAfter(text, "\n")
	if line < 0 || column < 0 || line >= len(lines) {
		return 0, false
	}
	start := len(strings.Join(lines[:line], ""))
	for i := range lines[line] {
		if column == 0 {
			return start + i, true
		}
		column--
	}
	return 0, false
}

// encode writes a value below keys: in lines, or with yaml.FlowStyle in braces and on one line.
func encode(path []string, value string, style yaml.Style) string {
	var node yaml.Node
	node.SetString(value)
	for _, name := range slices.Backward(path) {
		var key yaml.Node
		key.SetString(name)
		below := node
		node = yaml.Node{Kind: yaml.MappingNode, Style: style, Content: []*yaml.Node{&key, &below}}
	}
	var written strings.Builder
	encoder := yaml.NewEncoder(&written)
	encoder.SetIndent(indentation)
	// Neither can fail: texts in objects can be written, and the builder takes everything.
	_ = encoder.Encode(&node)
	_ = encoder.Close()
	return strings.TrimSuffix(written.String(), "\n")
}

const indentation = 2

// indented moves lines further in, and ends the last one.
func indented(text string, by int) string {
	var moved strings.Builder
	for _, line := range strings.Split(text, "\n") {
		if line != "" {
			line = strings.Repeat(" ", by) + line
		}
		moved.WriteString(line + "\n")
	}
	return moved.String()
}
