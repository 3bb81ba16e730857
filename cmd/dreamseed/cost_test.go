package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func runCost(t *testing.T, words ...string) result {
	t.Helper()
	return run(t.Context(), strings.NewReader(""), append([]string{"cost"}, words...)...)
}

// The figures are worked out by hand in internal/cost; those of staging are, for 3 nodes on demand and at most 6 and 6:
// management 73.00; 3, 3, 6 × 0.213832 × 730: 468.292, 468.292, 936.584; spot 0, 1, 6 × 0.077736 × 730: 0, 56.747,
// 340.484; boot disks 3, 4, 12 × 11.00; volumes (20 + 1 + 50) × 0.11 = 7.81; load balancer 20.44; NAT 3, 4, 12 ×
// 1.022 and an address of 3.65; key 0.06; traffic 50 × 0.12 = 6.00. Half way, its services have 3 pods each, of
// which three may have 2 on spot capacity: 6 × 250m = 1.5 CPU, and a node offers 3.84, of which 70 % are 2.69.
func TestWhatTheTrackedStacksCost(t *testing.T) {
	cases := map[string]struct {
		minimum, expected, maximum float64
		lowerBound                 bool
	}{
		"local":      {lowerBound: true},
		"staging":    {minimum: 615.32, expected: 684.09, maximum: 1532.29},
		"production": {minimum: 1174.02, expected: 1425.05, maximum: 4702.35},
	}
	for stack, c := range cases {
		t.Run(stack, func(t *testing.T) {
			done := runCost(t, "--stack="+stack, "--format=json")
			require.NoError(t, done.err)
			assert.Equal(t, exitOK, done.code)
			var got map[string]any
			require.NoError(t, json.Unmarshal([]byte(done.output), &got))
			assert.InDelta(t, c.minimum, got["minimum"], 0)
			assert.InDelta(t, c.expected, got["expected"], 0)
			assert.InDelta(t, c.maximum, got["maximum"], 0)
			assert.Equal(t, c.lowerBound, got["lowerBound"])
		})
	}
}

func TestCostInEveryFormat(t *testing.T) {
	cases := map[string]string{
		"text":     "│ total                     │ 1,174.02 │ 1,425.05 │ 4,702.35 │",
		"markdown": "| total | 1,174.02 | 1,425.05 | 4,702.35 |",
		"json":     `"maximum": 4702.35`,
		"svg":      "<title>What production costs a month</title>",
	}
	require.ElementsMatch(t, costFormatNames(), []string{"json", "markdown", "svg", "text"})
	for format, says := range cases {
		done := runCost(t, "--stack=production", "--format="+format)
		require.NoError(t, done.err)
		assert.Contains(t, done.output, says)
	}
}

func TestCostIsWrittenToAFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "cost.md")
	done := runCost(t, "--stack=production", "--format=markdown", "--output="+file)
	require.NoError(t, done.err)
	assert.Empty(t, done.output)
	assert.Contains(t, content(t, file), "### Cost a month")
}

// withBudget enters a project whose stack `test` is production with another budget.
func withBudget(t *testing.T, budget string) {
	t.Helper()
	production, err := os.ReadFile("../../Pulumi.production.yaml")
	require.NoError(t, err)
	changed := strings.Replace(string(production), "budget: 5000", "budget: "+budget, 1)
	require.NotEqual(t, string(production), changed)
	enter(t, changed)
}

func TestAStackAboveItsBudgetIsShownAndHasAnExitCode(t *testing.T) {
	withBudget(t, "1000")
	done := runCost(t, "--stack=test")
	assert.Equal(t, exitOverBudget, done.code)
	require.ErrorContains(t, done.err, "dreamseed:cost.budget is 1000")
	assert.Contains(t, done.output, "1,425.05")
	assert.Contains(t, done.output, "The expected cost is above the budget of 1,000.00 USD.")
}

func TestCostRefusesWrongInput(t *testing.T) {
	cases := map[string]struct {
		reason, budget string
		words          []string
		says           string
	}{
		"budget that is no number": {"nothing can be compared with it", `"a lot"`, nil, `dreamseed:cost.budget is "a lot"`},
		"negative budget":          {"nothing costs less than nothing", "-5", nil, "dreamseed:cost.budget is -5"},
		"unknown format":           {"the message lists them", "1", []string{"--format=pdf"}, "json, markdown, svg, text"},
		"no stack":                 {"there is no default", "1", []string{"--stack="}, "--stack"},
		"unknown stack":            {"the message lists them", "1", []string{"--stack=prod"}, "the stacks here are: test"},
		"argument":                 {"it would be without effect", "1", []string{"production"}, "production"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			withBudget(t, c.budget)
			file := filepath.Join(t.TempDir(), "cost.txt")
			done := runCost(t, append([]string{"--stack=test", "--output=" + file}, c.words...)...)
			require.ErrorContains(t, done.err, c.says, c.reason)
			assert.Equal(t, exitInput, done.code)
			assert.NoFileExists(t, file)
			assert.Empty(t, done.output)
		})
	}
}
