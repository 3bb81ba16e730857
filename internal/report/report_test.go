package report_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/internal/changeset"
	"github.com/dreamseed/platform/internal/changeset/changesettest"
	"github.com/dreamseed/platform/internal/guard"
	"github.com/dreamseed/platform/internal/report"
)

var update = flag.Bool("update", false, "rewrite the golden reports")

func reportOf(set *changeset.Set) *report.Report {
	return &report.Report{Set: set, Findings: guard.Find(set)}
}

func TestReportsOfTheEnginesLogs(t *testing.T) {
	for _, name := range changesettest.Whole {
		t.Run(name, func(t *testing.T) {
			written := reportOf(changesettest.Read(t, name)).Markdown(report.Limit)

			golden := filepath.Join("testdata", name+".md")
			if *update {
				require.NoError(t, os.WriteFile(golden, []byte(written), 0o600))
			}
			want, err := os.ReadFile(golden)
			require.NoError(t, err)
			assert.Equal(t, string(want), written, "go test ./internal/report -update")
			assert.True(t, strings.HasPrefix(written, report.Marker("local")+"\n"), "its comment is found again")
			assert.LessOrEqual(t, len(written), report.Limit)
		})
	}
}

func TestServicesThatNoticeTheSameAreOneLine(t *testing.T) {
	written := reportOf(changesettest.Read(t, changesettest.LogLevel)).Markdown(report.Limit)

	assert.Contains(t, written, "- 7 services (**ai-tutor**, ")
	assert.Contains(t, written, ") restart: configuration\n")
	assert.Contains(t, written, `+ data.LOG_LEVEL: "INFO"`, "what is new is shown where the ConfigMap is created")
}

func TestAReleaseNamesItsImages(t *testing.T) {
	written := reportOf(changesettest.Read(t, changesettest.Release)).Markdown(report.Limit)

	assert.Contains(t, written, "- **auth** restarts: a migration runs, "+
		"image `dreamseed/auth-service:dev` → `dreamseed/auth-service:v2`")
}

func TestAFindingSaysWhetherItIsApproved(t *testing.T) {
	set := changesettest.Read(t, changesettest.Delete)
	written := reportOf(set)
	require.NotEmpty(t, written.Findings)
	one := written.Findings[0]
	assert.NotContains(t, written.Markdown(report.Limit), "Approved until", "the control")

	written.Approvals = []guard.Approval{{
		Stack: "local", URN: string(one.URN), Operation: one.Operation, Digest: one.Digest,
		Reason: "Moves to <another> disk", Expires: guard.Date{Time: time.Date(2026, 12, 10, 0, 0, 0, 0, time.UTC)},
	}}
	after := written.Markdown(report.Limit)

	assert.NotContains(t, after, "  digest: "+one.Digest, "there is nothing to add for it any more")
	assert.Contains(t, after, "Approved until 2026-12-10: Moves to &lt;another> disk")
}

func TestTheEntryToAddIsAnApproval(t *testing.T) {
	set := changesettest.Read(t, changesettest.Delete)
	_, after, _ := strings.Cut(reportOf(set).Markdown(report.Limit), "```yaml\n")
	entry, _, found := strings.Cut(after, "\n```")
	require.True(t, found)
	entry = strings.ReplaceAll(entry, "reason: #", "reason: because of a test #")
	entry = strings.ReplaceAll(entry, "expires: #", "expires: 2026-12-10 #")
	file := filepath.Join(t.TempDir(), "approvals.yaml")
	require.NoError(t, os.WriteFile(file, []byte(entry), 0o600))

	all, err := guard.ReadApprovals(file)
	require.NoError(t, err)
	approved, err := guard.CheckApprovals(all, guard.Scope{
		Project: "dreamseed", Stack: "local", Stacks: []string{"local"},
		Now: time.Date(2026, 11, 27, 0, 0, 0, 0, time.UTC),
	}, guard.Find(set))

	require.NoError(t, err)
	assert.Empty(t, guard.Unapproved(guard.Find(set), approved))
}

func TestAReportThatDoesNotFitIsCutByWholeGroups(t *testing.T) {
	written := reportOf(changesettest.Read(t, changesettest.LogLevel))
	written.Link = "https://example.test/run/1"
	const limit = 3_000

	cut := written.Markdown(limit)

	assert.LessOrEqual(t, len(cut), limit)
	assert.Equal(t, strings.Count(cut, "<details>"), strings.Count(cut, "</details>"), "no group is cut in two")
	assert.Contains(t, cut, "entries do not fit into a comment: see [the whole report](https://example.test/run/1)")
	assert.Contains(t, cut, written.Set.Digest(), "the digest is always there")
	assert.NotContains(t, written.Markdown(report.Whole), "do not fit", "the control")
}

func TestNoSecretIsInAReport(t *testing.T) {
	log := changesettest.Content(t, changesettest.Release)
	const image = `"image":"dreamseed/auth-service:v2"`
	require.Contains(t, string(log), image)
	marked := bytes.ReplaceAll(log, []byte(image), []byte(
		`"image":{"4dabf18193072939515e22adb298388d":"1b47061264138c4ac30d75fd1eb44270","plaintext":"`+
			changesettest.PlantedSecret+`"}`))
	set, err := changeset.Read(bytes.NewReader(marked), "dreamseed", "local")
	require.NoError(t, err)

	written := reportOf(set).Markdown(report.Whole)

	assert.NotContains(t, written, changesettest.PlantedSecret)
	assert.Contains(t, written, changeset.Masked, "the control: the value is there, and hidden")
}

func TestValuesCannotBreakOutOfTheReport(t *testing.T) {
	log := changesettest.Content(t, changesettest.Release)
	const hostile = "x\\n```\\n<img src=y>@everyone` | # "
	edited := bytes.ReplaceAll(log, []byte("dreamseed/auth-service:v2"), []byte(hostile))
	set, err := changeset.Read(bytes.NewReader(edited), "dreamseed", "local")
	require.NoError(t, err)

	written := reportOf(set).Markdown(report.Whole)

	assert.Equal(t, 2*strings.Count(written, "<details>"), strings.Count(written, "```"), "each block of code is closed")
	prose, _, _ := strings.Cut(written, "```")
	assert.Contains(t, prose, "everyone", "the control")
	assert.NotContains(t, prose, "@everyone", "nobody is notified")
	assert.NotContains(t, prose, "<img", "nothing is loaded")
}
