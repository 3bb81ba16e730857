package cluster

import (
	"fmt"

	"k8s.io/apimachinery/pkg/api/resource"
	"k8s.io/apimachinery/pkg/util/validation"

	"github.com/dreamseed/platform/internal/invalid"
)

const dnsLabelRule = "must be a DNS label: lower-case letters, digits and hyphens, at most 63 characters"

// Validate returns every mistake of the Spec as invalid.Problems, each with its configuration key.
func (s *Spec) Validate() error {
	var problems invalid.Problems
	s.validateIdentity(&problems)
	s.validateZones(&problems)
	s.validatePools(&problems)
	if s.Cloud == Existing {
		s.Existing.validate(&problems)
	}
	return problems.Err()
}

func (s *Spec) validateIdentity(problems *invalid.Problems) {
	if !s.Cloud.known() {
		problems.Add("cluster.cloud", given(string(s.Cloud)), "%s", invalid.OneOf(Clouds()))
	}
	if !isDNSLabel(s.Name) {
		problems.Add("cluster.name", given(s.Name), dnsLabelRule)
	}
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

func (s *Spec) validatePools(problems *invalid.Problems) {
	onDemand := false
	seen := map[string]bool{}
	for i, pool := range s.NodePools {
		key := fmt.Sprintf("cluster.nodePools[%d]", i)
		pool.validate(key, problems)
		if seen[pool.Name] && pool.Name != "" {
			problems.Add(key+".name", pool.Name, "must be used once")
		}
		seen[pool.Name] = true
		onDemand = onDemand || !pool.Spot && pool.MaxNodes > 0
	}
	if !onDemand {
		problems.Add("cluster.nodePools", fmt.Sprintf("%d pools", len(s.NodePools)),
			"must hold at least one pool with spot: false and maxNodes above 0, because spot nodes can all vanish at once")
	}
}

func (p *NodePool) validate(key string, problems *invalid.Problems) {
	if !isDNSLabel(p.Name) {
		problems.Add(key+".name", given(p.Name), dnsLabelRule)
	}
	if p.MinNodes < 0 {
		problems.Add(key+".minNodes", p.MinNodes, "must be 0 or more")
	}
	if p.MaxNodes < p.MinNodes {
		problems.Add(key+".maxNodes", p.MaxNodes, "must not be below minNodes (%d)", p.MinNodes)
	}
	validateCapacity(key+".cpu", p.CPU, problems)
	validateCapacity(key+".memory", p.Memory, problems)
}

func validateCapacity(key string, quantity resource.Quantity, problems *invalid.Problems) {
	if quantity.Sign() <= 0 {
		problems.Add(key, quantity.String(), "must be above 0: what one node offers to pods")
	}
}

func (e *ExistingSpec) validate(problems *invalid.Problems) {
	switch {
	case e.KubeconfigPath == "" && e.Kubeconfig == "":
		problems.Add("cluster.existing.kubeconfigPath", nil,
			"must name a kubeconfig file, or cluster.existing.kubeconfig must hold one: the ambient one is never used")
	case e.KubeconfigPath != "" && e.Kubeconfig != "":
		problems.Add("cluster.existing.kubeconfigPath", e.KubeconfigPath,
			"must not be given together with cluster.existing.kubeconfig")
	}
	if e.Context == "" {
		problems.Add("cluster.existing.context", nil,
			"must name the context to use: the kubeconfig's current-context is never used")
	}
}

func isDNSLabel(name string) bool { return len(validation.IsDNS1123Label(name)) == 0 }

// given turns an empty string, which no configuration means, into "is missing".
func given(value string) any {
	if value == "" {
		return nil
	}
	return value
}
