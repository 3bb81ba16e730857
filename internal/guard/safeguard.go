package guard

import (
	"slices"
	"strings"

	"github.com/dreamseed/platform/internal/changeset"
)

// reading finds facts about a resource's safety in its inputs, as sentences about the resource.
type reading func(inputs map[string]any) []string

// exposures find what is dangerous in a resource: a change may not add to it. By type, without versions; "" stands for
// every type.
var exposures = map[string][]reading{
	"":                          {podExposures},
	"kubernetes:core:Namespace": {lowPodSecurity},
	"gcp:storage:Bucket":        {keepsNoVersions},
	"aws:s3:BucketVersioningV2": {keepsNoVersions},
	"kubernetes:networking.k8s.io:NetworkPolicy":                               {openPolicy},
	"kubernetes:policy:PodDisruptionBudget":                                    {noBudget},
	"kubernetes:rbac.authorization.k8s.io:Role":                                {wideRole},
	"kubernetes:rbac.authorization.k8s.io:ClusterRole":                         {wideRole},
	"kubernetes:admissionregistration.k8s.io:ValidatingAdmissionPolicy":        {laxAdmission},
	"kubernetes:admissionregistration.k8s.io:ValidatingAdmissionPolicyBinding": {laxAdmission},
}

// lostSafeguards returns what a change makes less safe. A resource that is created had no safeguard to lose.
func lostSafeguards(change *changeset.Change) []string {
	if change.Old == nil || change.New == nil {
		return nil
	}
	of := plain(change.Type())
	var lost []string
	for _, find := range slices.Concat(exposures[""], exposures[of]) {
		lost = append(lost, without(find(change.New.Inputs), find(change.Old.Inputs))...)
	}
	if !strings.HasPrefix(of, "kubernetes:") {
		for _, held := range without(cloudSafeguards(change.Old.Inputs), cloudSafeguards(change.New.Inputs)) {
			lost = append(lost, "loses "+held)
		}
	}
	return lost
}

// without returns the facts that are not among the others.
func without(facts, others []string) []string {
	return slices.DeleteFunc(facts, func(fact string) bool { return slices.Contains(others, fact) })
}

// sentence joins facts. There can be many, if a whole pod template changes.
func sentence(facts []string) string {
	slices.Sort(facts)
	return strings.Join(slices.Compact(facts), ", ")
}
