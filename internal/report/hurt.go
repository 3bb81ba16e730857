package report

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/urn"

	"github.com/dreamseed/platform/internal/changeset"
	"github.com/dreamseed/platform/internal/guard"
)

// hurts lists the findings, each with its approval, and then what else goes.
func (r *Report) hurts() []string {
	blocks := r.findings()
	if gone := r.alsoGone(); gone != "" {
		blocks = append(blocks, gone)
	}
	if left := guard.Unapproved(r.Findings, r.Approvals); len(left) > 0 {
		blocks = append(blocks, r.howToApprove(left))
	}
	return blocks
}

// alike are findings that differ in nothing but the resource.
type alike struct {
	operation  guard.Operation
	what, says string
}

// findings has a line for each finding, but one line for those that are alike.
func (r *Report) findings() []string {
	names := map[alike][]string{}
	var order []alike
	for _, finding := range r.Findings {
		key := alike{finding.Operation, finding.What, r.says(finding)}
		if len(names[key]) == 0 {
			order = append(order, key)
		}
		names[key] = append(names[key], code(finding.URN.Name()))
	}
	var lines []string
	for _, key := range order {
		about := strings.Join(names[key], ", ")
		lines = append(lines, fmt.Sprintf("- **%s** %s %s: %s", key.operation, key.what, about, key.says))
	}
	return lines
}

// says is what a finding says beside its name.
func (r *Report) says(finding guard.Finding) string {
	text := inline(finding.Why)
	if reasons := r.reasons(finding.URN); reasons != "" {
		text += " (because of " + reasons + ")"
	}
	if finding.Radius.Total() > 0 {
		text += ". " + finding.Radius.String()
	}
	if approval, found := r.approvalOf(finding); found {
		return text + fmt.Sprintf(". Approved until %s: %s", approval.Expires.Format(time.DateOnly), inline(approval.Reason))
	}
	return text + ". **Not approved.**"
}

// howToApprove is what a person adds to approvals.yaml and completes.
func (r *Report) howToApprove(findings []guard.Finding) string {
	var lines []string
	for _, finding := range findings {
		lines = append(lines, r.template(finding)...)
	}
	return "\n" + folded("To approve what is not approved, add this to approvals.yaml", fenced("yaml", lines))
}

// template is an approval that lacks only what a person knows.
func (r *Report) template(finding guard.Finding) []string {
	return []string{
		"- stack: " + r.Set.Stack,
		"  urn: " + string(finding.URN),
		"  operation: " + string(finding.Operation),
		"  digest: " + finding.Digest,
		"  reason: # why, in at least ten characters",
		"  expires: # a day within the next 30, such as 2026-12-31",
	}
}

func (r *Report) approvalOf(finding guard.Finding) (guard.Approval, bool) {
	for _, one := range r.Approvals {
		if len(guard.Unapproved([]guard.Finding{finding}, []guard.Approval{one})) == 0 {
			return one, true
		}
	}
	return guard.Approval{}, false
}

// reasons names the properties that force a replacement.
func (r *Report) reasons(at urn.URN) string {
	var names []string
	for _, change := range r.Set.Having(changeset.Replace) {
		if change.URN == at {
			for _, reason := range change.Reasons {
				names = append(names, code(reason))
			}
		}
	}
	return strings.Join(names, ", ")
}

// routine are the kinds that every change deletes and creates: their names hold a digest of their content.
var routine = []string{"kubernetes:core/v1:ConfigMap", "kubernetes:batch/v1:Job"}

// alsoGone names what is replaced or deleted without holding anything.
func (r *Report) alsoGone() string {
	var names []string
	for _, change := range r.Set.Having(changeset.Replace, changeset.Delete) {
		guarded := slices.ContainsFunc(r.Findings, func(f guard.Finding) bool { return f.URN == change.URN })
		if !guarded && !slices.Contains(routine, change.Type()) && !changeset.IsComponent(change.URN) {
			names = append(names, fmt.Sprintf("%s %s (%s)", change.URN.Type().Name(), code(change.Name()), change.Operation))
		}
	}
	if len(names) == 0 {
		return ""
	}
	return "- Without anything in it: " + strings.Join(names, ", ")
}
