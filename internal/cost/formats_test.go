package cost_test

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/internal/cost"
	"github.com/dreamseed/platform/internal/mocktest"
)

// The README shows this picture. `go test ./internal/cost -update` draws it anew.
func TestThePictureIsOfProduction(t *testing.T) {
	drawn, err := cost.Of(production(t, "gke"), prices(t)).SVG(cost.PictureTitle("production"))
	require.NoError(t, err)
	mocktest.AssertFile(t, "../../docs/cost.svg", drawn)
}

func TestThePictureHasEveryPartAndIsWellFormed(t *testing.T) {
	for _, cloud := range []string{"gke", "eks", "aks"} {
		of := cost.Of(production(t, cloud), prices(t))
		drawn, err := of.SVG("a < b")
		require.NoError(t, err)
		assertWellFormed(t, drawn)
		require.NotEmpty(t, of.Parts)
		for _, part := range of.Parts {
			assert.Contains(t, drawn, ">"+string(part.Part)+"<")
		}
		for _, class := range []string{"minimum", "expected", "maximum"} {
			bars := strings.Count(drawn, `<rect class="`+class+`"`)
			assert.Equal(t, 2+len(of.Parts), bars, "the legend, the total and each part of %s have a bar", cloud)
		}
		assert.Contains(t, drawn, "budget 5,000")
		assert.Contains(t, drawn, "prefers-color-scheme: dark")
	}
}

func assertWellFormed(t *testing.T, drawn string) {
	t.Helper()
	decoder := xml.NewDecoder(strings.NewReader(drawn))
	for {
		_, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			return
		}
		require.NoError(t, err)
	}
}

func TestAPictureOfALowerBoundSaysSo(t *testing.T) {
	complete, err := cost.Of(production(t, "gke"), prices(t)).SVG("gke")
	require.NoError(t, err)
	assert.NotContains(t, complete, "at least")
	lower, err := cost.Of(production(t, "eks"), prices(t)).SVG("eks")
	require.NoError(t, err)
	assert.Contains(t, lower, "USD a month, at least: 4 prices are missing")
}

func TestTheTextShowsTheParts(t *testing.T) {
	said := cost.Of(production(t, "gke"), prices(t)).Text(today)
	for _, line := range []string{
		"│ machines on demand        │   936.58 │   936.58 │ 3,121.95 │",
		"│ total                     │ 1,174.02 │ 1,425.05 │ 4,702.35 │",
		"For 10,000 users the expected cost is 0.14 USD a user.",
		"Spot capacity saves 1,987.00 USD at the maximum, and 397.40 USD as expected, against the same nodes on demand.",
		"The services request 26 % of the processors and 13 % of the memory at the fewest pods and nodes, and 21 % of the " +
			"processors and 11 % of the memory at the peak on the most nodes.",
		"Not counted",
	} {
		assert.Contains(t, said, line)
	}
	assert.NotContains(t, said, "lower bounds")
}

func TestTheMarkdownIsASection(t *testing.T) {
	said := cost.Of(production(t, "eks"), prices(t)).Markdown(today)
	assert.True(t, strings.HasPrefix(said, "### Cost a month\n\n| USD a month | minimum | expected | maximum |\n"), said)
	assert.Contains(t, said, "| total, at least | 1,264.50 | 1,570.58 | 5,329.65 |\n")
	assert.Contains(t, said,
		"- The figures are lower bounds, because there is no price of: NAT gateway in eu-central-1; key in eu-central-1; ")
}

func TestTheJSONHasTheFiguresAndWhereTheyComeFrom(t *testing.T) {
	encoded, err := cost.Of(production(t, "eks"), prices(t)).JSON(today)
	require.NoError(t, err)
	var decoded map[string]any
	require.NoError(t, json.Unmarshal([]byte(encoded), &decoded))
	assert.Equal(t, map[string]any{"part": "control plane", "minimum": 73.0, "expected": 73.0, "maximum": 73.0},
		mocktest.At(decoded, "parts", 0))
	assert.InDelta(t, 5329.65, decoded["maximum"], 0)
	assert.Equal(t, true, decoded["lowerBound"])
	assert.Len(t, decoded["missing"], 4)
	assert.Nil(t, decoded["saving"], "a price of spot capacity is missing")
	assert.Equal(t, map[string]any{
		"of": "disk gp3 in eu-central-1", "usd": 0.0952, "unit": "GiB-month", "date": "2023-11-02", "stale": true,
		"source": "https://hendric-jabs.de/2023/11/02/gp3-in-2-minuten",
	}, mocktest.At(decoded, "prices", 1))
}

func TestTheOutputDoesNotChangeWithTime(t *testing.T) {
	assert.Equal(t, cost.Output{
		Figures: cost.Figures{Minimum: 1174.02, Expected: 1425.05, Maximum: 4702.35}, Currency: "USD", Missing: []string{},
		Budget: 5000,
	}, cost.Of(production(t, "gke"), prices(t)).Output())
}

// The page lists what needs a person to look up: what the documented stacks have no price of.
func TestThePageSaysWhatIsMissing(t *testing.T) {
	page, err := os.ReadFile("../../docs/cost.md")
	require.NoError(t, err)
	_, section, found := strings.Cut(string(page), "### What is missing")
	require.True(t, found)
	named := 0
	for _, cloud := range []string{"eks", "aks"} {
		for _, stack := range []string{"staging", "production"} {
			cfg := load(t, mocktest.StackConfigOn(t, stack, cloud))
			for _, missing := range cost.Of(cfg, prices(t)).Missing {
				what, _, _ := strings.Cut(missing, " in ")
				what = strings.TrimSuffix(what, " on spot capacity")
				named++
				assert.Contains(t, strings.ToLower(section), strings.ToLower(what))
			}
		}
	}
	assert.NotZero(t, named)
	for _, stack := range mocktest.Stacks()[1:] {
		assert.Empty(t, cost.Of(load(t, mocktest.StackConfig(t, stack)), prices(t)).Missing, stack)
	}
}
