package standin

import (
	"fmt"

	"github.com/dreamseed/platform/internal/sandbox/standin/support"
)

// VersionAnswers are a cloud's words about versions of Kubernetes.
type VersionAnswers struct {
	// Unsold is about a version that the cloud does not sell at its date; %s is the version.
	Unsold string
	// Skipped is about an upgrade of more than one minor version, or one to an older; the first %s is the version that
	// the cluster has, the second one that it shall have.
	Skipped string
}

// SoldVersion refuses a cluster of a version that the cloud does not sell at its date. One that the cluster has
// already may stay.
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

// NotAbove refuses nodes that are newer than their control plane. The plane finds the control plane's version among
// what exists; the answer's first %s is the nodes' version, the second one the control plane's.
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
