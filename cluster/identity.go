package cluster

import (
	"strconv"
	"strings"

	"github.com/dreamseed/platform/internal/naming"
)

// clusterName is the rule of a cluster's physical name. GKE has the tightest limit
// (https://cloud.google.com/kubernetes-engine/docs/reference/rest/v1/projects.locations.clusters).
var clusterName = naming.Rule{Length: 40, Separator: "-", HashLength: 6}

// Identity tells this cluster from every other one. In a cloud it is the physical name of the cluster and of its
// network, and ends in a hash of what makes a cluster another one. The Kubernetes provider is pinned to it, so that
// Kubernetes objects are replaced exactly when their cluster is.
//
// What is hashed here decides that for good: a change to it replaces every cluster there is.
func (s *Spec) Identity() string {
	if !s.Cloud.Managed() {
		return s.Name
	}
	content := map[string]string{
		"cloud":        string(s.Cloud),
		"account":      s.Account,
		"region":       s.Region,
		"nodes":        s.Network.Nodes,
		"pods":         s.Network.Pods,
		"services":     s.Network.Services,
		"controlPlane": s.Network.ControlPlane,
	}
	if cloudLimits[s.Cloud].fixedPrivacy {
		content["private"] = strconv.FormatBool(s.API.Private())
	}
	return clusterName.WithHash(s.Name, content)
}

// NamePool makes the physical name of a node pool, which ends in a hash of what cannot be changed in place: a pool
// that changes there gets another name, so that the new one comes before the old one is drained.
func (s *Spec) NamePool(pool NodePool) string {
	machines := s.machinesOf(pool)
	machines["zones"] = strings.Join(s.Zones, " ")
	return cloudLimits[s.Cloud].poolRule.WithHash(pool.Name, machines)
}

// NamePoolIn is NamePool where a pool is a group of nodes in each zone. The other zones play no part in it: the groups
// that are there stay when one is added or taken away.
func (s *Spec) NamePoolIn(zone string, pool NodePool) string {
	machines, letter := s.machinesOf(pool), strings.TrimPrefix(zone, s.Region)
	machines["zone"] = zone
	return cloudLimits[s.Cloud].poolRule.WithHash(pool.Name+"-"+letter, machines)
}

// machinesOf is what makes a pool's nodes others, wherever they are.
func (s *Spec) machinesOf(pool NodePool) map[string]string {
	capacity := "on-demand"
	if pool.Spot {
		capacity = "spot"
	}
	return map[string]string{
		"cluster":      s.Identity(),
		"capacity":     capacity,
		"machineTypes": strings.Join(pool.MachineTypes, " "),
		"disk":         strconv.Itoa(pool.Disk()),
	}
}
