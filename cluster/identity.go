package cluster

import (
	"strconv"
	"strings"

	"github.com/dreamseed/platform/internal/naming"
)

// clusterName is the naming rule for a cluster's physical name. GKE has the tightest limit
// (https://cloud.google.com/kubernetes-engine/docs/reference/rest/v1/projects.locations.clusters).
var clusterName = naming.Rule{Length: 40, Separator: "-", HashLength: 6}

// Identity distinguishes this cluster from every other one. In a cloud it is the physical name of the cluster and of
// its network, and ends in a hash of the properties that make it a different cluster. The Kubernetes provider is pinned
// to it, so that Kubernetes objects are replaced exactly when their cluster is.
//
// The set of hashed properties is final: changing it would replace every existing cluster.
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

// NamePool returns the physical name of a node pool. It ends in a hash of the properties that cannot be changed in
// place: a pool that changes one of them gets another name, so that the new pool comes before the old one is drained.
func (s *Spec) NamePool(pool NodePool) string {
	machines := s.machinesOf(pool)
	machines["zones"] = strings.Join(s.Zones, " ")
	return cloudLimits[s.Cloud].poolRule.WithHash(pool.Name, machines)
}

// NamePoolIn is NamePool for clouds where a pool is one group of nodes per zone. The name does not depend on the other
// zones: adding or removing one leaves the existing groups alone.
func (s *Spec) NamePoolIn(zone string, pool NodePool) string {
	machines, letter := s.machinesOf(pool), strings.TrimPrefix(zone, s.Region)
	machines["zone"] = zone
	return cloudLimits[s.Cloud].poolRule.WithHash(pool.Name+"-"+letter, machines)
}

// machinesOf returns the properties whose change replaces a pool's nodes, whatever their zone.
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
