package enginetest

import (
	"fmt"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/internal/enginetest/testbed"
)

func TestAnUpWithNothingToDoLooksOnce(t *testing.T) {
	changing.AsTracked(t)
	changing.Up(t, testbed.Tracked) // the previous content may come from an up of another program
	before := changing.versions(t)

	summary, shown, err := changing.TryUp(t, testbed.Tracked)

	require.NoError(t, err)
	require.NotZero(t, summary.Counts[apitype.OpSame])
	assert.Contains(t, shown, fmt.Sprintf("nothing to do: %d unchanged", summary.Counts[apitype.OpSame]),
		"the preview is all that was run")
	assert.Zero(t, summary.Changes())
	assert.Equal(t, before, changing.versions(t))
}

// versions lists the platform's objects with their generations and field managers, which show whether anything was
// written to them.
func (s *subject) versions(t *testing.T) string {
	t.Helper()
	return s.Kubectl(t, "get", "deployments,services,configmaps,networkpolicies,roles,rolebindings,serviceaccounts,jobs",
		"--namespace", s.Namespace(), "--output=jsonpath={range .items[*]}{.kind} {.metadata.name} {.metadata.generation}"+
			" {.metadata.managedFields[*].manager}{\"\\n\"}{end}")
}

func TestWhatDidNotBecomeReadyIsAwaitedAgainByTheNextUp(t *testing.T) {
	failing.AsTracked(t)
	broken := func(c testbed.Configuration) {
		c["dreamseed:rolloutDeadlineSeconds"] = 3
		testbed.Service(c, "payment")["image"] = "dreamseed/payment-service:never-ready"
	}
	_, _, err := failing.TryUp(t, broken)
	require.Error(t, err, "the control: it does not become ready")

	_, _, err = failing.TryUp(t, broken)

	require.ErrorContains(t, err, "payment-service", "nothing has changed, so it is as wrong as before")
	failing.Up(t, testbed.Tracked)
}
