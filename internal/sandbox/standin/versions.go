package standin

import (
	"fmt"

	"github.com/dreamseed/platform/internal/sandbox/standin/support"
)

// VersionAnswers are a cloud's error messages about Kubernetes versions.
type VersionAnswers struct {
	// Unsold reports a version that the cloud does not sell at its date; %s is the version.
	Unsold string
	// Skipped reports an upgrade by more than one minor version, or a downgrade; the first %s is the cluster's version,
	// the second one the requested version.
	Skipped string
}

// SoldVersion refuses a cluster with a version that the cloud does not sell at its date. A cluster's existing version
// may stay.
func SoldVersion(path string, calendar support.Calendar, answers VersionAnswers) Limit {
	return Limit{Source: calendar.Source, Refuses: func(r Request) string {
		version, known := r.Text(path)
		former, has := r.FormerText(path)
		if !known || (has && former == version) || calendar.Sells(version, r.Today) {
			return ""
		}
		return fmt.Sprintf(answers.Unsold, version)
	}}
}

// OneMinorUp refuses an upgrade that skips a minor version, and any downgrade.
func OneMinorUp(path, source string, answers VersionAnswers) Limit {
	return Limit{Source: source, Refuses: func(r Request) string {
		version, known := r.Text(path)
		former, has := r.FormerText(path)
		if !known || !has {
			return ""
		}
		steps, err := support.Steps(former, version)
		if err != nil {
			return err.Error()
		}
		if steps < 0 || steps > 1 {
			return fmt.Sprintf(answers.Skipped, former, version)
		}
		return ""
	}}
}

// NotAbove refuses nodes that are newer than their control plane. plane finds the control plane's version among the
// existing resources; the answer's first %s is the nodes' version, the second one the control plane's.
func NotAbove(path, source, answer string, plane func(Request) (string, bool)) Limit {
	return Limit{Source: source, Refuses: func(r Request) string {
		version, known := r.Text(path)
		above, exists := plane(r)
		if !known || !exists {
			return ""
		}
		steps, err := support.Steps(above, version)
		if err != nil {
			return err.Error()
		}
		if steps > 0 {
			return fmt.Sprintf(answer, version, above)
		}
		return ""
	}}
}
