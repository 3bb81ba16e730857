package guard_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/internal/changeset/changesettest"
	"github.com/dreamseed/platform/internal/guard"
)

var today = time.Date(2026, time.November, 27, 15, 0, 0, 0, time.UTC)

var scope = guard.Scope{Project: "dreamseed", Stack: "local", Stacks: []string{"local", "production"}, Now: today}

// approvalsFile returns a file with an approval of this finding, in which a text is replaced by another one.
func approvalsFile(t *testing.T, finding guard.Finding, old, with string) string {
	t.Helper()
	content := strings.Join([]string{
		"# Approved in a pull request.",
		"- stack: local",
		"  urn: " + string(finding.URN),
		"  operation: " + string(finding.Operation),
		"  digest: " + finding.Digest,
		"  reason: Moves to another disk, INFRA-412",
		"  expires: 2026-12-10", "",
	}, "\n")
	if old != "" {
		require.Contains(t, content, old, "the control")
		content = strings.Replace(content, old, with, 1)
	}
	file := filepath.Join(t.TempDir(), "approvals.yaml")
	require.NoError(t, os.WriteFile(file, []byte(content), 0o600))
	return file
}

// approve reads and checks a file of approvals.
func approve(file string, findings []guard.Finding) ([]guard.Approval, error) {
	all, err := guard.ReadApprovals(file)
	if err != nil {
		return nil, err
	}
	return guard.CheckApprovals(all, scope, findings)
}

func TestAnApprovalLetsExactlyItsFindingPass(t *testing.T) {
	findings := guard.Find(changesettest.Read(t, changesettest.Delete))
	require.Greater(t, len(findings), 1)

	approved, err := approve(approvalsFile(t, findings[0], "", ""), findings)

	require.NoError(t, err)
	assert.Equal(t, findings[1:], guard.Unapproved(findings, approved))
}

func TestAWrongApprovalIsRefused(t *testing.T) {
	findings := guard.Find(changesettest.Read(t, changesettest.Delete))
	one := findingOf(t, findings, "monitoring-stack-prometheus-a-claim")
	name := string(one.URN)
	cases := map[string]struct{ old, with, says, reason string }{
		"unknown key":     {"  reason:", "  because:", "because", "a typing mistake must not approve"},
		"pattern":         {name, strings.Replace(name, "claim", "*", 1), "exact URN", "it would approve what nobody saw"},
		"no URN":          {name, "monitoring-stack", "exact URN", "a name can be that of several"},
		"other stack":     {"stack: local", "stack: production", "must be of the stack production", "foreign"},
		"unknown stack":   {"stack: local", "stack: prod", "local, production", "it would never be judged"},
		"other project":   {"::dreamseed::", "::shop::", "must be of the project dreamseed", "foreign"},
		"other operation": {"operation: delete", "operation: replace", "would replace", "it does not happen"},
		"no operation":    {"operation: delete", "operation: remove", "replace, delete, unprotect, weaken", "unknown"},
		"other digest":    {one.Digest, strings.Repeat("0", 64), one.Digest, "another change of the same resource"},
		"no digest":       {one.Digest, "yes", "digest of the finding", "it would approve any change"},
		"no reason":       {"Moves to another disk, INFRA-412", "because", "10 characters", "nobody knows why"},
		"expired":         {"2026-12-10", "2026-11-26", "from 2026-11-27 to 2026-12-27", "it was for another time"},
		"too far":         {"2026-12-10", "2026-12-28", "from 2026-11-27 to 2026-12-27", "it would be forgotten"},
		"no date":         {"2026-12-10", "soon", "2026-12-31", "when does it end"},
		"stale":           {"prometheus", "prometheos", "remove an approval", "its resource is gone"},
		"no list":         {"- stack", "  stack", "cannot unmarshal", "another shape"},
	}
	for name, tt := range cases {
		t.Run(name, func(t *testing.T) {
			_, err := approve(approvalsFile(t, one, tt.old, tt.with), findings)
			assert.ErrorContains(t, err, tt.says, tt.reason)
		})
	}
}

func TestEveryMistakeOfAnApprovalIsSaidAtOnce(t *testing.T) {
	findings := guard.Find(changesettest.Read(t, changesettest.Delete))
	require.NotEmpty(t, findings)
	file := approvalsFile(t, findings[0], "  reason: Moves to another disk, INFRA-412\n  expires: 2026-12-10", "")

	_, err := approve(file, findings)

	require.ErrorContains(t, err, "reason")
	assert.ErrorContains(t, err, "expires")
}

func TestThereNeedNotBeApprovals(t *testing.T) {
	empty := filepath.Join(t.TempDir(), "approvals.yaml")
	require.NoError(t, os.WriteFile(empty, []byte("# none\n"), 0o600))
	for name, file := range map[string]string{"no file": filepath.Join(t.TempDir(), "none.yaml"), "no entry": empty} {
		all, err := guard.ReadApprovals(file)

		require.NoError(t, err, name)
		assert.Empty(t, all, name)
	}
}

func TestApprovalsOfAnotherStackAreLeftToItsOwnRun(t *testing.T) {
	findings := guard.Find(changesettest.Read(t, changesettest.Delete))
	require.NotEmpty(t, findings)
	other := findings[0]
	other.URN = other.URN[:len("urn:pulumi:")] + "production" + other.URN[len("urn:pulumi:local"):]

	approved, err := approve(approvalsFile(t, other, "stack: local", "stack: production"), nil)

	require.NoError(t, err)
	assert.Empty(t, approved)
}
