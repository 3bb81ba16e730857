package drift

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// one returns a finding with whatever somebody calls himself.
func one(manager string) Finding {
	at := time.Date(2026, 11, 27, 5, 21, 48, 0, time.UTC)
	return Finding{
		Class: Dangerous, Change: Changed, Object: Object{"NetworkPolicy.networking.k8s.io", "shop", "allow"},
		Path: ".spec.ingress", By: Writer{Manager: manager, Operation: "Update", Time: &at},
		Why: "a network policy was changed", Remedy: "dreamseed drift --repair --stack shop",
	}
}

func TestTheMarkdownIsForAnIssueThatAJobFindsAgain(t *testing.T) {
	text := (&Report{Stack: "shop", Findings: []Finding{one("kubectl-patch")}}).Markdown()

	assert.True(t, strings.HasPrefix(text, "<!-- dreamseed-drift stack=shop -->\n"), text)
	assert.Contains(t, text, "`changed .spec.ingress` of `NetworkPolicy.networking.k8s.io shop/allow`")
	assert.Contains(t, text, "`kubectl-patch (Update, 2026-11-27T05:21:48Z)`")
	assert.Contains(t, text, "```sh\ndreamseed drift --repair --stack shop\n```")
}

func TestTheMarkdownFitsIntoAnIssue(t *testing.T) {
	many := &Report{Stack: "shop"}
	for i := range 1000 {
		finding := one("kubectl-patch")
		finding.Object.Name = fmt.Sprint("allow-", i)
		many.Findings = append(many.Findings, finding)
		many.Repairs = append(many.Repairs, Repair{Object: finding.Object})
	}

	text := many.Markdown()

	assert.LessOrEqual(t, len(text), 60_000)
	assert.Contains(t, text, "### 1. dangerous", "the worst come first")
	assert.Contains(t, text, " more: run `dreamseed drift --stack shop`", "the others are counted")
}

func TestAWriterCannotBreakOutOfTheReport(t *testing.T) {
	report := &Report{Stack: "shop", Findings: []Finding{one("x`<img src=a>\n\x1b[2J|")}}

	assert.NotContains(t, report.Markdown(), "<img")
	assert.NotContains(t, report.Text(), "\x1b")
	assert.Contains(t, report.Text(), "x`", "the control: the name is shown")
}

func TestTheJSONHasTheDocumentedShape(t *testing.T) {
	said, err := (&Report{Stack: "shop", Findings: []Finding{one("kubectl-patch")}}).JSON()
	require.NoError(t, err)

	var read map[string]any
	require.NoError(t, json.Unmarshal([]byte(said), &read))
	assert.Equal(t, map[string]any{
		"stack": "shop", "class": "dangerous", "objects": 0.0, "live": 0.0, "kinds": 0.0, "resources": 0.0,
		"findings": []any{map[string]any{
			"class": "dangerous", "change": "changed", "path": ".spec.ingress",
			"object": map[string]any{"kind": "NetworkPolicy.networking.k8s.io", "namespace": "shop", "name": "allow"},
			"by":     map[string]any{"manager": "kubectl-patch", "operation": "Update", "time": "2026-11-27T05:21:48Z"},
			"why":    "a network policy was changed", "remedy": "dreamseed drift --repair --stack shop",
		}},
	}, read)
}

func TestAnAcceptedDeviationIsCountedAndNotShown(t *testing.T) {
	finding := one("kubectl-patch")
	finding.Accepted = &Acceptance{Reason: "for the time being"}
	report := &Report{Stack: "shop", Findings: []Finding{finding}}

	assert.Equal(t, Benign, report.Worst())
	assert.Equal(t, "stack shop: 0 dangerous, 0 suspicious, 0 benign, 1 accepted "+
		"(0 objects of the program, 0 live objects of 0 kinds, 0 resources refreshed)\n", report.Text())
}
