package report_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/dreamseed/platform/internal/changeset"
	"github.com/dreamseed/platform/internal/report"
)

func TestAPartThatNoticesNothingIsNotListed(t *testing.T) {
	of := func(operation changeset.Operation) *changeset.Set {
		return &changeset.Set{Changes: []*changeset.Change{{
			URN:       "urn:pulumi:local::dreamseed::kubernetes:batch/v1:Job::auth-migration-1",
			Operation: operation, Old: &changeset.State{}, New: &changeset.State{},
		}}}
	}

	assert.NotContains(t, reportOf(of(changeset.Delete)).Markdown(report.Limit), "#### What changes",
		"the Job of a former release goes")
	assert.Contains(t, reportOf(of(changeset.Create)).Markdown(report.Limit), "a migration runs", "the control")
}
