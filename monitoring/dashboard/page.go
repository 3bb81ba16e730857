package dashboard

import (
	"encoding/json"
	"fmt"

	sdk "github.com/grafana/grafana-foundation-sdk/go/dashboard"
)

// page is a dashboard: rows of panels under a title.
type page struct {
	uid, title, folder string
	// answers is the question that the dashboard answers, shown beside its title.
	answers string
	// since is the beginning of the time range that it opens with. Default: the last six hours.
	since string
	rows  []row
	// events mark moments in all panels.
	events []event
}

// row is a row of panels under a title.
type row struct {
	title  string
	panels []panel
}

// maxUID is the length of the longest uid that Grafana accepts
// (https://grafana.com/docs/grafana/latest/developers/http_api/dashboard/#identifier-id-vs-unique-identifier-uid).
const maxUID = 40

// defaultSince is long enough for the night before a morning's question.
const defaultSince = "now-6h"

// refresh is how often an open dashboard asks again. Samples are no younger than that.
const refresh = "30s"

func (p page) build() (Dashboard, error) {
	if len(p.uid) > maxUID {
		return Dashboard{}, fmt.Errorf("the uid has %d characters: at most %d are allowed", len(p.uid), maxUID)
	}
	board, err := p.empty().Build()
	if err != nil {
		return Dashboard{}, fmt.Errorf("building it without panels: %w", err)
	}
	board.Links = []sdk.DashboardLink{menu(servicesFolder), menu(platformFolder)}
	if board.Panels, err = layout(p.rows); err != nil {
		return Dashboard{}, fmt.Errorf("building its panels: %w", err)
	}
	if err := board.Validate(); err != nil {
		return Dashboard{}, fmt.Errorf("validating it: %w", err)
	}
	// A change of one panel is a change of a few lines in a preview.
	data, err := json.MarshalIndent(board, "", " ")
	if err != nil {
		return Dashboard{}, fmt.Errorf("writing it: %w", err)
	}
	return Dashboard{UID: p.uid, Title: p.title, Folder: p.folder, JSON: data}, nil
}

// The SDK prefers the successor of the classic model, which has changed under its users
// (https://github.com/grafana/grafana/issues/108172) and is stable from Grafana 13 on
// (https://github.com/grafana/grafonnet/issues/264).
type boardBuilder = sdk.DashboardBuilder //nolint:staticcheck // Grafana 12 reads the classic model.

var newBoard = sdk.NewDashboardBuilder //nolint:staticcheck // Grafana 12 reads the classic model.

// empty returns the dashboard without its panels.
func (p page) empty() *boardBuilder {
	since := p.since
	if since == "" {
		since = defaultSince
	}
	builder := newBoard(p.title).
		Uid(p.uid).
		Description(p.answers).
		Tags([]string{p.folder}).
		Timezone("browser").
		Tooltip(sdk.DashboardCursorSyncCrosshair).
		Time(since, "now").
		Refresh(refresh)
	for _, one := range p.events {
		builder.Annotation(one.builder())
	}
	return builder
}

// menu lists the dashboards of a folder, and keeps the time range. Its place is above the panels; the SDK's builder
// would hide it in another menu.
func menu(folder string) sdk.DashboardLink {
	return sdk.DashboardLink{
		Title: folder, Type: sdk.DashboardLinkTypeDashboards, Tags: []string{folder}, AsDropdown: true, KeepTime: true,
	}
}
