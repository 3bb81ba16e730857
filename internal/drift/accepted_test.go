package drift

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// today is the day of the tests.
var today = time.Date(2026, 11, 27, 12, 0, 0, 0, time.UTC)

func accepted(t *testing.T, content string) ([]Acceptance, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "drift-accepted.yaml")
	require.NoError(t, os.WriteFile(path, []byte(content), 0o600))
	return ReadAccepted(path, "shop", today)
}

func TestEveryMistakeInTheAcceptedDeviationsIsSaidAtOnce(t *testing.T) {
	_, err := accepted(t, `
- {stack: shop, object: "Service shop/a", reason: short, expires: 2026-12-01}
- {stack: "", object: "shop/a", reason: a good long reason, expires: soon}
- {stack: other, object: "Service shop/*", reason: a good long reason, expires: 2027-03-01}
`)

	var wrong *AcceptedError
	require.ErrorAs(t, err, &wrong)
	for _, want := range []string{
		`entry 1: reason is "short": it must have at least 10 characters`,
		`entry 2: stack is ""`, `entry 2: object is "shop/a"`, `entry 2: expires is "soon"`,
		`entry 3: object is "Service shop/*": it must name one object`,
		`entry 3: expires is "2027-03-01": it must be at most 90`,
	} {
		assert.ErrorContains(t, err, want)
	}
}

func TestAnUnknownKeyAmongTheAcceptedDeviationsIsRefused(t *testing.T) {
	_, err := accepted(t,
		`[{stack: shop, object: "Service shop/a", pattern: x, reason: a good long reason, expires: 2026-12-01}]`)

	var wrong *AcceptedError
	require.ErrorAs(t, err, &wrong)
	assert.ErrorContains(t, err, "pattern")
}

func TestAFileOfAcceptedDeviationsThatIsNotThereIsRefused(t *testing.T) {
	_, err := ReadAccepted(filepath.Join(t.TempDir(), "none.yaml"), "shop", today)

	var wrong *AcceptedError
	require.ErrorAs(t, err, &wrong)
}

func TestAnAcceptanceIsAboutExactlyOneDeviation(t *testing.T) {
	label := Finding{
		Class: Suspicious, Change: Added, Object: Object{"Service", "shop", "a"}, Path: ".metadata.labels.team",
		By: Writer{Manager: "kubectl-label"},
	}
	entry := `{stack: shop, object: "Service shop/a", path: .metadata.labels.team, reason: a good long reason, `
	for name, tt := range map[string]struct {
		entry  string
		change func(*Finding)
		counts int
		reason string
	}{
		"as it is":          {entry + `expires: 2026-12-01}`, func(*Finding) {}, 0, "it is accepted"},
		"on its last day":   {entry + `expires: 2026-11-27}`, func(*Finding) {}, 0, "the day is part of it"},
		"by its writer":     {entry + `manager: kubectl-label, expires: 2026-12-01}`, func(*Finding) {}, 0, "it is the same"},
		"by another writer": {entry + `manager: helm, expires: 2026-12-01}`, func(*Finding) {}, 2, "somebody else wrote it"},
		"expired":           {entry + `expires: 2026-11-26}`, func(*Finding) {}, 2, "it counts again, and so does the entry"},
		"of another stack": {strings.Replace(entry, "shop", "other", 1) + `expires: 2026-12-01}`, func(*Finding) {}, 1,
			"the file is for all stacks"},
		"another field": {entry + `expires: 2026-12-01}`, func(f *Finding) { f.Path = ".metadata.labels.other" }, 2,
			"a stale entry would let the next one pass"},
		"another object": {entry + `expires: 2026-12-01}`, func(f *Finding) { f.Object.Name = "b" }, 2,
			"it names one object"},
		"nothing is deviant": {entry + `expires: 2026-12-01}`, func(f *Finding) { f.Class = Benign }, 1,
			"the entry has no use"},
	} {
		t.Run(name, func(t *testing.T) {
			entries, err := accepted(t, "- "+tt.entry)
			require.NoError(t, err)
			finding := label
			tt.change(&finding)
			report := Report{Findings: accept([]Finding{finding}, entries)}
			assert.Len(t, report.attention(), tt.counts, tt.reason)
		})
	}
}
