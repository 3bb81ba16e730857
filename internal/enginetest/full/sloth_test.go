package full

import (
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"github.com/dreamseed/platform/monitoring/rule"
)

// Sloth judges the burn-rate alerts: it derives its own from the same objectives, with the windows and factors of the
// SRE workbook (https://sloth.dev/usage/slo-period-windows, https://sre.google/workbook/alerting-on-slos).

// slothSpec is a file that Sloth reads
// (https://pkg.go.dev/github.com/slok/sloth@v0.16.0/pkg/prometheus/api/v1).
type slothSpec struct {
	Version    string           `yaml:"version"`
	Service    string           `yaml:"service"`
	Objectives []slothObjective `yaml:"slos"`
}

type slothObjective struct {
	Name      string  `yaml:"name"`
	Objective float64 `yaml:"objective"`
	Indicator struct {
		Events struct {
			Bad string `yaml:"error_query"`
			All string `yaml:"total_query"`
		} `yaml:"events"`
	} `yaml:"sli"`
	Alerting struct {
		Name   string     `yaml:"name"`
		Page   slothAlert `yaml:"page_alert"`
		Ticket slothAlert `yaml:"ticket_alert"`
	} `yaml:"alerting"`
}

type slothAlert struct {
	Labels map[string]string `yaml:"labels"`
}

// forSloth states the promise as Sloth reads it.
func (p promise) forSloth() slothObjective {
	const window = "{{.window}}"
	severity := func(of rule.Severity) slothAlert {
		return slothAlert{Labels: map[string]string{rule.SeverityLabel: string(of)}}
	}
	stated := slothObjective{Name: p.name(), Objective: p.percent}
	stated.Indicator.Events.Bad = p.bad("rate", window)
	stated.Indicator.Events.All = p.all("rate", window)
	stated.Alerting.Name = p.name()
	stated.Alerting.Page, stated.Alerting.Ticket = severity(rule.Page), severity(rule.Ticket)
	return stated
}

// slothRules returns the rules that Sloth derives from the promises.
func slothRules(t *testing.T) []rule.Group {
	t.Helper()
	spec := slothSpec{Version: "prometheus/v1", Service: "judged"}
	for _, one := range promises() {
		spec.Objectives = append(spec.Objectives, one.forSloth())
	}
	content, err := yaml.Marshal(spec)
	require.NoError(t, err)
	input, output := temporary(t, string(content)), temporary(t, "")
	generate := exec.CommandContext(t.Context(), local.Layout.Binary("sloth"), "generate", "-i", input, "-o", output)
	printed, err := generate.CombinedOutput()
	require.NoError(t, err, string(printed))
	derived, err := os.ReadFile(output)
	require.NoError(t, err)
	var file rule.File
	require.NoError(t, yaml.Unmarshal(derived, &file))
	require.NotEmpty(t, file.Groups)
	return file.Groups
}

// condition is what a burn-rate alert compares: the shares over two windows with a part of the error budget.
type condition struct {
	severity, windows string
	factor, budget    float64
}

var comparison = regexp.MustCompile(`ratio_rate(\w+)\{[^}]*\} > \(?([0-9.e-]+) \* ([0-9.e-]+)`)

// conditions returns the conditions of alerts, each of which compares one pair of windows after the other.
func conditions(t *testing.T, alerts []rule.Rule) []condition {
	t.Helper()
	var all []condition
	for _, alert := range alerts {
		found := comparison.FindAllStringSubmatch(alert.Expr, -1)
		require.NotEmpty(t, found, alert.Expr)
		for pair := range slices.Chunk(found, 2) {
			require.Len(t, pair, 2, alert.Expr)
			require.Equal(t, pair[0][2:], pair[1][2:], "both windows have one limit: %s", alert.Expr)
			windows := []string{pair[0][1], pair[1][1]}
			slices.Sort(windows) // either may come first
			all = append(all, condition{
				severity: alert.Labels[rule.SeverityLabel], windows: strings.Join(windows, " and "),
				factor: number(t, pair[0][2]), budget: number(t, pair[0][3]),
			})
		}
	}
	return all
}

// number reads a number to six digits: Sloth computes a budget of 0.1 % as 0.0009999999999999432.
func number(t *testing.T, text string) float64 {
	t.Helper()
	exact, err := strconv.ParseFloat(text, 64)
	require.NoError(t, err)
	rounded, err := strconv.ParseFloat(fmt.Sprintf("%.6g", exact), 64)
	require.NoError(t, err)
	return rounded
}

func TestSlothDerivesTheSameWindowsAndFactors(t *testing.T) {
	t.Parallel()
	derived := slothRules(t)
	for _, one := range promises() {
		t.Run(one.name(), func(t *testing.T) {
			ours, theirs := conditions(t, one.alerts()), conditions(t, named(one.name(), derived))
			require.Len(t, theirs, 4, "two for each severity")
			assert.ElementsMatch(t, theirs, ours)
		})
	}
}

func TestSlothRecordsTheSameWindows(t *testing.T) {
	t.Parallel()
	derived := slothRules(t)
	for _, one := range promises() {
		t.Run(one.name(), func(t *testing.T) {
			everyOne := func(rule.Rule) bool { return true }
			its := func(r rule.Rule) bool { return r.Labels["sloth_slo"] == one.name() }
			theirs := windows(derived, "slo:sli_error:ratio_rate", its)
			require.Len(t, theirs, 8, "those of the alerts, and the thirty days of the objective")
			assert.ElementsMatch(t, theirs, windows(one.service.Groups(), one.recorded, everyOne))
		})
	}
}

// windows returns the ends of the recorded series' names that begin so.
func windows(groups []rule.Group, beginning string, chosen func(rule.Rule) bool) []string {
	var found []string
	for _, group := range groups {
		for _, one := range group.Rules {
			if window, is := strings.CutPrefix(one.Record, beginning); is && chosen(one) {
				found = append(found, window)
			}
		}
	}
	return found
}
