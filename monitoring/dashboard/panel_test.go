package dashboard_test

import (
	"regexp"
	"slices"
	"testing"

	sdk "github.com/grafana/grafana-foundation-sdk/go/dashboard"
	"github.com/grafana/grafana-foundation-sdk/go/prometheus"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/monitoring/dashboard"
)

func TestAPanelSaysWhatItShows(t *testing.T) {
	for at, panel := range eachPanel(t) {
		require.NotNil(t, panel.Title, at)
		require.NotNil(t, panel.Description, at)
		require.NotNil(t, panel.FieldConfig.Defaults.Unit, at)
		assert.NotEmpty(t, *panel.Title, at)
		assert.Regexp(t, `\.$`, *panel.Description, "%s has a sentence", at)
		assert.NotEmpty(t, *panel.FieldConfig.Defaults.Unit, at)
	}
}

func TestAPanelAsksTheProvisionedDatasource(t *testing.T) {
	for at, panel := range eachPanel(t) {
		require.NotNil(t, panel.Datasource, at)
		assert.Equal(t, dashboard.Datasource, *panel.Datasource.Uid, at)
		require.NotEmpty(t, panel.Targets, at)
		for _, target := range panel.Targets {
			query, is := target.(*prometheus.Dataquery)
			require.True(t, is, at)
			assert.Equal(t, dashboard.Datasource, *query.Datasource.Uid, at)
		}
	}
}

// Grafana tells the queries of a panel apart by this letter, and shows only one of two with the same.
func TestQueriesOfAPanelHaveDifferentNames(t *testing.T) {
	for at, panel := range eachPanel(t) {
		var names []string
		for _, target := range panel.Targets {
			names = append(names, *target.(*prometheus.Dataquery).RefId)
		}
		slices.Sort(names)
		assert.Len(t, slices.Compact(slices.Clone(names)), len(names), "%s: %v", at, names)
	}
}

// place is what a panel or the title of a row covers on the grid.
type place struct{ left, right, top, bottom uint32 }

func (p place) overlaps(other place) bool {
	return p.left < other.right && other.left < p.right && p.top < other.bottom && other.top < p.bottom
}

func places(board board) []place {
	var all []place
	for _, one := range board.Panels {
		at := one.RowPanel
		if at != nil {
			all = append(all, covered(at.GridPos))
			continue
		}
		all = append(all, covered(one.Panel.GridPos))
	}
	return all
}

func covered(at *sdk.GridPos) place { return place{at.X, at.X + at.W, at.Y, at.Y + at.H} }

// overlaps counts the pairs of panels that overlap.
func overlaps(all []place) int {
	found := 0
	for i, one := range all {
		for _, other := range all[i+1:] {
			if one.overlaps(other) {
				found++
			}
		}
	}
	return found
}

func TestNoPanelOverlapsAnother(t *testing.T) {
	for _, one := range built(t) {
		board, err := decoded(one.JSON)
		require.NoError(t, err)
		all := places(board)
		require.NotEmpty(t, all)
		assert.Zero(t, overlaps(all), one.UID)
		for _, at := range all {
			assert.LessOrEqual(t, at.right, uint32(24), one.UID)
			assert.Less(t, at.left, at.right, one.UID)
			assert.Less(t, at.top, at.bottom, one.UID)
		}
		all[2].left--
		assert.Equal(t, 1, overlaps(all), "one column further to the left, a panel would overlap its neighbour")
	}
}

// Links to a panel hold its number.
func TestPanelsOfADashboardHaveDifferentNumbers(t *testing.T) {
	for _, one := range built(t) {
		board, err := decoded(one.JSON)
		require.NoError(t, err)
		seen := map[uint32]bool{}
		for _, panel := range board.Panels {
			number := uint32(0)
			if panel.RowPanel != nil {
				number = panel.RowPanel.Id
			} else {
				number = *panel.Panel.Id
			}
			assert.False(t, seen[number], "%s has %d twice", one.UID, number)
			seen[number] = true
		}
	}
}

var label = regexp.MustCompile(`\{\{(\w+)\}\}`)

// An empty legend is drawn as the whole expression; a label that the result lacks is drawn as nothing.
func TestALegendNamesLabelsOfItsQuery(t *testing.T) {
	found := 0
	for at, panel := range eachPanel(t) {
		for _, target := range panel.Targets {
			query := target.(*prometheus.Dataquery)
			for _, named := range label.FindAllStringSubmatch(*query.LegendFormat, -1) {
				found++
				assert.Contains(t, query.Expr+ownLabels, named[1], at)
			}
		}
	}
	assert.NotZero(t, found)
}

// ownLabels are the labels that scraping gives every series.
const ownLabels = "job instance namespace pod node service"
