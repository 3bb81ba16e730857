package dashboard

import (
	"fmt"

	"github.com/grafana/grafana-foundation-sdk/go/cog"
	"github.com/grafana/grafana-foundation-sdk/go/cog/variants"
	"github.com/grafana/grafana-foundation-sdk/go/common"
	sdk "github.com/grafana/grafana-foundation-sdk/go/dashboard"
	"github.com/grafana/grafana-foundation-sdk/go/prometheus"
)

// panel shows the results of queries.
type panel struct {
	kind  kind
	title string
	// description says what the values mean, and which one is bad.
	description string
	// unit is one of the SDK's package units.
	unit    string
	queries []query
	// colours are those of the values. Default: none of them is good or bad.
	colours []sdk.Threshold
}

// query is a PromQL expression with the name of its series. A label in double braces stands for its value.
type query struct{ expr, legend string }

func source() common.DataSourceRef {
	return common.DataSourceRef{Type: cog.ToPtr("prometheus"), Uid: cog.ToPtr(Datasource)}
}

func (p panel) build() (sdk.Panel, error) {
	built, err := p.kind.empty()
	if err != nil {
		return sdk.Panel{}, fmt.Errorf("building it without queries: %w", err)
	}
	built.Title, built.Description = &p.title, &p.description
	built.Datasource = cog.ToPtr(source())
	if built.FieldConfig == nil {
		built.FieldConfig = sdk.NewFieldConfigSource()
	}
	built.FieldConfig.Defaults.Unit = &p.unit
	p.colour(&built.FieldConfig.Defaults)
	for i, one := range p.queries {
		target, err := p.kind.target(one, i).Build()
		if err != nil {
			return sdk.Panel{}, fmt.Errorf("building query %d: %w", i, err)
		}
		built.Targets = append(built.Targets, target)
	}
	return built, nil
}

// colour colours the values by their thresholds, or the series apart from each other.
func (p panel) colour(values *sdk.FieldConfig) {
	if len(p.colours) == 0 {
		values.Color = &sdk.FieldColor{Mode: sdk.FieldColorModeIdPaletteClassic}
		return
	}
	values.Color = &sdk.FieldColor{Mode: sdk.FieldColorModeIdThresholds}
	values.Thresholds = &sdk.ThresholdsConfig{Mode: sdk.ThresholdsModeAbsolute, Steps: p.colours}
}

// Colours of Grafana's palette.
const (
	good = "green"
	poor = "red"
)

// poorFrom colours values from the bound on.
func poorFrom(bound float64) []sdk.Threshold {
	return []sdk.Threshold{{Color: good}, {Color: poor, Value: &bound}}
}

// goodFrom colours values below the bound.
func goodFrom(bound float64) []sdk.Threshold {
	return []sdk.Threshold{{Color: poor}, {Color: good, Value: &bound}}
}

// target returns the query as the kind of panel asks it.
func (k kind) target(of query, at int) cog.Builder[variants.Dataquery] {
	builder := prometheus.NewDataqueryBuilder().
		RefId(string(rune('A' + at))).
		Datasource(source()).
		EditorMode(prometheus.QueryEditorModeCode).
		Expr(of.expr).
		LegendFormat(of.legend)
	return k.ask(builder)
}
