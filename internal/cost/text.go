package cost

import (
	"strings"
	"time"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"
)

// Text returns the estimate for a terminal. Prices that are old today are named.
func (e Estimate) Text(today time.Time) string {
	rows := e.rows()
	rows.SetStyle(table.StyleLight)
	rows.Style().Format.Header, rows.Style().Format.Footer = text.FormatDefault, text.FormatDefault
	return rows.Render() + "\n" + strings.Join(e.remarks(today), "\n") + "\n"
}

// Markdown returns the estimate as a section of a page.
func (e Estimate) Markdown(today time.Time) string {
	return "### Cost a month\n\n" + e.rows().RenderMarkdown() + "\n\n- " + strings.Join(e.remarks(today), "\n- ") + "\n"
}

func (e Estimate) rows() table.Writer {
	rows := table.NewWriter()
	rows.AppendHeader(table.Row{Currency + " a month", "minimum", "expected", "maximum"})
	for _, part := range e.Parts {
		rows.AppendRow(figureRow(string(part.Part), part.Cost))
	}
	total := "total"
	if e.LowerBound() {
		total = "total, at least"
	}
	rows.AppendFooter(figureRow(total, e.Total))
	var right []table.ColumnConfig
	for column := range 3 {
		right = append(right, table.ColumnConfig{
			Number: column + 2, Align: text.AlignRight, AlignHeader: text.AlignRight, AlignFooter: text.AlignRight,
		})
	}
	rows.SetColumnConfigs(right)
	return rows
}

func figureRow(name string, of Figures) table.Row {
	return table.Row{name, digits(of.Minimum), digits(of.Expected), digits(of.Maximum)}
}
