package report

import (
	"fmt"
	"strings"
)

// page collects blocks of Markdown up to a limit.
type page struct {
	limit int
	link  string
	text  strings.Builder
	// left counts the blocks that did not fit.
	left int
}

// reserve is kept for what ends a page, in bytes.
const reserve = 1_500

func (p *page) always(block string) {
	if block != "" {
		p.text.WriteString(block + "\n")
	}
}

// section adds a heading with its blocks, if there are any. Once a block does not fit, none after it is added: a
// smaller one that happens to fit would look as if it were all.
func (p *page) section(heading string, blocks []string) {
	if len(blocks) == 0 {
		return
	}
	before := p.left
	blocks[0] = heading + "\n\n" + blocks[0]
	for _, block := range blocks {
		if p.left > before || p.text.Len()+len(block)+reserve > p.limit {
			p.left++
			continue
		}
		p.text.WriteString(block + "\n")
	}
	p.text.WriteString("\n")
}

func (p *page) end(last string) string {
	if p.left > 0 {
		where := "the report that the command prints without a limit"
		if p.link != "" {
			where = fmt.Sprintf("[the whole report](%s)", p.link)
		}
		p.always(fmt.Sprintf("> [!NOTE]\n> %d further entries do not fit into a comment: see %s.\n", p.left, where))
	}
	p.text.WriteString(last)
	return p.text.String()
}
