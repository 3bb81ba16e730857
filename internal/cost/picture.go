package cost

import (
	_ "embed"
	"fmt"
	"math"
	"strings"
	"text/template"
)

//go:embed picture.svg.tmpl
var pictureTemplate string

var drawing = template.Must(template.New("cost").Parse(pictureTemplate))

// The measures of a picture, in pixels.
const (
	plotLeft, plotTop, plotWidth = 210, 62, 500
	pictureWidth                 = plotLeft + plotWidth + 90
	barHeight, barPitch, rowGap  = 9, 11, 9
	rowPitch                     = 3*barPitch + rowGap
	legendPitch                  = 90
)

type (
	picture struct {
		Title                                    string
		Width, Height, Left, Top, Bottom, LabelX int
		Legend                                   []legendEntry
		Rows                                     []pictureRow
		Budget                                   *budgetLine
		Remark                                   string
		RemarkY                                  int
	}
	legendEntry struct {
		Class, Name string
		X, TextX    int
	}
	pictureRow struct {
		Name   string
		Bold   bool
		LabelY int
		Bars   []bar
	}
	bar struct {
		Class, Amount                  string
		Y, Width, Height, TextX, TextY int
	}
	budgetLine struct {
		X, TextY int
		Name     string
	}
)

// cases are the three bars of a row, with their colours in the template.
var cases = []struct {
	name string
	of   func(Figures) float64
}{
	{"minimum", func(f Figures) float64 { return f.Minimum }},
	{"expected", func(f Figures) float64 { return f.Expected }},
	{"maximum", func(f Figures) float64 { return f.Maximum }},
}

// PictureTitle returns the title of the picture of a stack.
func PictureTitle(stack string) string { return "What " + stack + " costs a month" }

// SVG draws the parts as bars, and the budget as a line across them. The picture of the same figures is always the
// same.
func (e Estimate) SVG(title string) (string, error) {
	var out strings.Builder
	if err := drawing.Execute(&out, e.picture(title)); err != nil {
		return "", fmt.Errorf("drawing %s: %w", title, err)
	}
	return out.String(), nil
}

func (e Estimate) picture(title string) picture {
	scale := plotWidth / max(1, e.Total.Maximum, float64(e.Terms.Budget))
	rows := []pictureRow{drawRow("total", e.Total, 0, scale)}
	rows[0].Bold = true
	for i, part := range e.Parts {
		rows = append(rows, drawRow(string(part.Part), part.Cost, i+1, scale))
	}
	bottom := plotTop + len(rows)*rowPitch
	drawn := picture{
		Title: title, Width: pictureWidth, Height: bottom + 40, Left: plotLeft, Top: plotTop, Bottom: bottom,
		LabelX: plotLeft - 10, Rows: rows, Remark: e.caption(), RemarkY: bottom + 32,
	}
	for i, one := range cases {
		x := plotLeft + i*legendPitch
		drawn.Legend = append(drawn.Legend, legendEntry{Class: one.name, Name: one.name, X: x, TextX: x + 17})
	}
	if e.Terms.Budget > 0 {
		drawn.Budget = &budgetLine{
			X: plotLeft + pixels(float64(e.Terms.Budget), scale), TextY: bottom + 14,
			Name: printer.Sprintf("budget %d", e.Terms.Budget),
		}
	}
	return drawn
}

// caption says in what the figures are, and whether there are more.
func (e Estimate) caption() string {
	if e.LowerBound() {
		return fmt.Sprintf("%s a month, at least: %d prices are missing", Currency, len(e.Missing))
	}
	return Currency + " a month"
}

func drawRow(name string, of Figures, row int, scale float64) pictureRow {
	top := plotTop + row*rowPitch + rowGap/2
	drawn := pictureRow{Name: name, LabelY: top + barPitch + barHeight}
	for i, one := range cases {
		amount := one.of(of)
		width := pixels(amount, scale)
		drawn.Bars = append(drawn.Bars, bar{
			Class: one.name, Amount: digits(amount), Y: top + i*barPitch, Width: width, Height: barHeight,
			TextX: plotLeft + width + 5, TextY: top + i*barPitch + barHeight - 1,
		})
	}
	return drawn
}

func pixels(amount, scale float64) int { return int(math.Round(amount * scale)) }
