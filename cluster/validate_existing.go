package cluster

import (
	"fmt"

	"github.com/dreamseed/platform/internal/invalid"
)

func (s *Spec) validateExisting(problems *invalid.Problems) {
	s.Existing.validate(problems)
	s.refuseCloudKeys(problems)
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

// refuseCloudKeys reports keys that have no effect on a cluster that somebody else built.
func (s *Spec) refuseCloudKeys(problems *invalid.Problems) {
	for _, given := range []struct{ key, value string }{
		{"account", s.Account},
		{"kubernetesVersion", s.KubernetesVersion},
		{"network.nodes", s.Network.Nodes},
		{"network.pods", s.Network.Pods},
		{"network.services", s.Network.Services},
		{"network.controlPlane", s.Network.ControlPlane},
		{"network.data", s.Network.Data},
		{"api.authorizedRanges", list(s.API.AuthorizedRanges)},
		{"api.administrators", list(s.API.Administrators)},
		{"dns.host", s.DNS.Host},
		{"dns.zone", s.DNS.Zone},
		{"dns.aliases", list(s.DNS.Aliases)},
	} {
		if given.value != "" {
			problems.Add("cluster."+given.key, given.value, "has no effect with cloud: existing, which is never changed")
		}
	}
	for i, pool := range s.NodePools {
		if len(pool.MachineTypes) > 0 {
			problems.Add(fmt.Sprintf("cluster.nodePools[%d].machineTypes", i), list(pool.MachineTypes),
				"has no effect with cloud: existing, which is never changed")
		}
	}
}

func list(values []string) string {
	if len(values) == 0 {
		return ""
	}
	return fmt.Sprint(values)
}
