package dashboard

import (
	"fmt"

	"github.com/grafana/grafana-foundation-sdk/go/cog"
	sdk "github.com/grafana/grafana-foundation-sdk/go/dashboard"
)

// columns is the width of Grafana's grid.
const columns = 24

// layout places the rows one below the other. A title takes the whole width, and the panels share the width below it:
// none overlaps another.
func layout(rows []row) ([]sdk.PanelOrRowPanel, error) {
	var placed []sdk.PanelOrRowPanel
	y := 0
	for _, one := range rows {
		heading := heading(one.title, y)
		heading.Id = number(placed)
		placed = append(placed, sdk.PanelOrRowPanel{RowPanel: heading})
		y++
		for i, panel := range one.panels {
			built, err := panel.build()
			if err != nil {
				return nil, fmt.Errorf("panel %q: %w", panel.title, err)
			}
			built.Id = cog.ToPtr(number(placed))
			built.GridPos = one.place(i, y)
			placed = append(placed, sdk.PanelOrRowPanel{Panel: &built})
		}
		y += one.height()
	}
	return placed, nil
}

// number returns the id of the next panel. Links to a panel hold it.
func number(placed []sdk.PanelOrRowPanel) uint32 { return uint32(len(placed) + 1) }

func heading(title string, y int) *sdk.RowPanel {
	heading := sdk.NewRowPanel()
	heading.Title = &title
	heading.GridPos = &sdk.GridPos{Y: uint32(y), W: columns, H: 1}
	return heading
}

// place returns the place of a panel: its share of the width.
func (r row) place(at, y int) *sdk.GridPos {
	left, right := at*columns/len(r.panels), (at+1)*columns/len(r.panels)
	return &sdk.GridPos{X: uint32(left), Y: uint32(y), W: uint32(right - left), H: uint32(r.height())}
}

// height returns the height of the tallest panel. All panels of the row have it.
func (r row) height() int {
	tallest := 0
	for _, one := range r.panels {
		tallest = max(tallest, one.kind.height)
	}
	return tallest
}
