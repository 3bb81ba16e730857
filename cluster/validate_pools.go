package cluster

import (
	"fmt"

	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/dreamseed/platform/internal/invalid"
)

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

// validateFloor requires a node that is always there, because the autoscaler itself runs on one.
func (s *Spec) validateFloor(problems *invalid.Problems) {
	exists := false
	for _, pool := range s.NodePools {
		if !pool.Spot && pool.MinNodes > 0 {
			return
		}
		exists = exists || !pool.Spot && pool.MaxNodes > 0
	}
	if exists {
		problems.Add("cluster.nodePools", fmt.Sprintf("%d pools", len(s.NodePools)),
			"must hold one with spot: false and minNodes above 0, because what adds nodes runs on a node itself")
	}
}

func (p *NodePool) validate(key string, problems *invalid.Problems) {
	if !isDNSLabel(p.Name) {
		problems.Add(key+".name", invalid.Given(p.Name), dnsLabelRule)
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
		problems.Add(key, quantity.String(), "must be above 0: no pod fits a node of nothing")
	}
}

// minDiskGB is the smallest disk that every cloud accepts for its Kubernetes images: 30 GiB on AKS
// (https://learn.microsoft.com/azure/aks/concepts-storage).
const minDiskGB = 30

// validateInCloud checks the keys that only apply to a pool that the platform builds itself.
func (p *NodePool) validateInCloud(key string, limits limits, problems *invalid.Problems) {
	if isDNSLabel(p.Name) && !limits.poolName.fits(p.Name) {
		problems.Add(key+".name", p.Name, "%s", limits.poolName.rule)
	}
	most := 1
	if p.Spot {
		most = limits.spotMachineTypes
	}
	if count := len(p.MachineTypes); count < 1 || count > most {
		problems.Add(key+".machineTypes", fmt.Sprintf("%d machine types", count), "must list %s", atMost(most))
	}
	for i, machineType := range p.MachineTypes {
		if !limits.machineType.fits(machineType) {
			problems.Add(fmt.Sprintf("%s.machineTypes[%d]", key, i), machineType, "%s", limits.machineType.rule)
		}
	}
	if p.Disk() < minDiskGB {
		problems.Add(key+".diskGB", p.DiskGB, "must be %d or more", minDiskGB)
	}
}

func atMost(count int) string {
	if count == 1 {
		return "exactly one"
	}
	return fmt.Sprintf("one to %d", count)
}
