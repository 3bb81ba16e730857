package dashboard

import (
	"github.com/grafana/grafana-foundation-sdk/go/common"
	sdk "github.com/grafana/grafana-foundation-sdk/go/dashboard"
	"github.com/grafana/grafana-foundation-sdk/go/prometheus"
	"github.com/grafana/grafana-foundation-sdk/go/stat"
	"github.com/grafana/grafana-foundation-sdk/go/table"
	"github.com/grafana/grafana-foundation-sdk/go/timeseries"
)

// kind is a kind of panel.
type kind struct {
	// height is its height on the grid.
	height int
	// empty returns the panel without queries.
	empty func() (sdk.Panel, error)
	// ask says for when a query is asked, and in which form.
	ask func(*prometheus.DataqueryBuilder) *prometheus.DataqueryBuilder
}

var (
	// lines draws each series over the time range.
	lines = kind{height: 8, empty: emptyLines, ask: (*prometheus.DataqueryBuilder).Range}
	// figures shows the current value of each series.
	figures = kind{height: 5, empty: emptyFigures, ask: (*prometheus.DataqueryBuilder).Instant}
	// list shows the labels of each series that there currently is.
	list = kind{height: 8, empty: emptyList, ask: asTable}
)

func emptyLines() (sdk.Panel, error) {
	return timeseries.NewPanelBuilder().
		AxisSoftMin(0).
		FillOpacity(8).
		ShowPoints(common.VisibilityModeNever).
		Legend(common.NewVizLegendOptionsBuilder().
			ShowLegend(true).
			DisplayMode(common.LegendDisplayModeTable).
			Placement(common.LegendPlacementBottom).
			Calcs([]string{"lastNotNull", "max"})).
		Tooltip(common.NewVizTooltipOptionsBuilder().
			Mode(common.TooltipDisplayModeMulti).
			Sort(common.SortOrderDescending)).
		Build()
}

func emptyFigures() (sdk.Panel, error) {
	return stat.NewPanelBuilder().
		GraphMode(common.BigValueGraphModeNone).
		Orientation(common.VizOrientationAuto).
		ReduceOptions(common.NewReduceDataOptionsBuilder().Calcs([]string{"lastNotNull"})).
		Build()
}

// emptyList hides the columns that are the same in every line. Its footer is empty: the default one is refused by the
// SDK's own schema.
func emptyList() (sdk.Panel, error) {
	return table.NewPanelBuilder().
		Footer(common.NewTableFooterOptionsBuilder()).
		WithTransformation(sdk.DataTransformerConfig{
			Id:      "organize",
			Options: map[string]any{"excludeByName": map[string]bool{"Time": true, "Value": true}},
		}).
		Build()
}

func asTable(query *prometheus.DataqueryBuilder) *prometheus.DataqueryBuilder {
	return query.Instant().Format(prometheus.PromQueryFormatTable)
}
