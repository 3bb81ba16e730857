package dashboard

import (
	"encoding/json"
	"fmt"
)

// Queries returns every PromQL expression of a dashboard, those of its events included, for tests that ask a real
// Prometheus. A dashboard without any is an error: a test would prove nothing.
func Queries(d Dashboard) ([]string, error) {
	var file queried
	if err := json.Unmarshal(d.JSON, &file); err != nil {
		return nil, fmt.Errorf("reading the dashboard %s: %w", d.UID, err)
	}
	var all []string
	for _, panel := range file.Panels {
		for _, target := range panel.Targets {
			all = append(all, target.Expr)
		}
	}
	for _, event := range file.Annotations.List {
		all = append(all, event.Target.Expr)
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("the dashboard %s has no query", d.UID)
	}
	return all, nil
}

// queried is the part of a dashboard that holds queries.
type queried struct {
	Panels []struct {
		Targets []asked `json:"targets"`
	} `json:"panels"`
	Annotations struct {
		List []struct {
			Target asked `json:"target"`
		} `json:"list"`
	} `json:"annotations"`
}

type asked struct {
	Expr string `json:"expr"`
}
