package cluster

import (
	"fmt"

	"k8s.io/apimachinery/pkg/util/validation"

	"github.com/dreamseed/platform/internal/invalid"
)

const dnsLabelRule = "must be a DNS label: lower-case letters, digits and hyphens, at most 63 characters"

// Validate returns every mistake in the Spec as invalid.Problems, each with its configuration key.
func (s *Spec) Validate() error {
	var problems invalid.Problems
	s.validateCloud(&problems)
	s.validateName(&problems)
	s.validateRegion(&problems)
	s.validateZones(&problems)
	s.validatePools(&problems)
	switch {
	case s.Cloud == Existing:
		s.validateExisting(&problems)
	case s.Cloud.known():
		s.validateManaged(&problems)
	}
	if s.Cloud.known() {
		s.API.validatePreviewIdentity(cloudLimits[s.Cloud], &problems)
	}
	return problems.Err()
}

func (s *Spec) validateCloud(problems *invalid.Problems) {
	if !s.Cloud.known() {
		problems.Add("cluster.cloud", invalid.Given(string(s.Cloud)), "%s", invalid.OneOf(Clouds()))
	}
}

func (s *Spec) validateName(problems *invalid.Problems) {
	most := cloudLimits[s.Cloud].nameLength
	switch {
	case !isDNSLabel(s.Name):
		problems.Add("cluster.name", invalid.Given(s.Name), dnsLabelRule)
	case s.Cloud.Managed() && s.Cloud.known() && len(s.Name) > most:
		problems.Add("cluster.name", s.Name, "must have at most %d characters, so that what is named after it fits", most)
	}
}

func (s *Spec) validateRegion(problems *invalid.Problems) {
	if s.Region == "" {
		problems.Add("cluster.region", nil, "must name the region of the zones")
	}
}

func (s *Spec) validateZones(problems *invalid.Problems) {
	if len(s.Zones) == 0 {
		problems.Add("cluster.zones", nil, "must list at least one zone")
	}
	seen := map[string]bool{}
	for i, zone := range s.Zones {
		key := fmt.Sprintf("cluster.zones[%d]", i)
		switch {
		case len(validation.IsValidLabelValue(zone)) > 0 || zone == "":
			problems.Add(key, zone, "must be a label value: it becomes a node label")
		case seen[zone]:
			problems.Add(key, zone, "must be listed once")
		}
		seen[zone] = true
	}
}

func isDNSLabel(name string) bool { return len(validation.IsDNS1123Label(name)) == 0 }
