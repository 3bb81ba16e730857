package eks

import (
	"fmt"

	"github.com/dreamseed/platform/cluster"
)

// nodeGroup holds a pool's nodes in one zone. For a group across several zones the autoscaler assumes that all its
// nodes come up in the first one, and a pod that has to run in another, for its spread or for its volume, waits forever
// (https://docs.aws.amazon.com/eks/latest/best-practices/cas.html, and getAsgTemplate in
// https://github.com/kubernetes/autoscaler/blob/master/cluster-autoscaler/cloudprovider/aws/aws_manager.go).
type nodeGroup struct {
	cluster.Share

	pool cluster.NodePool
	zone string
}

// nodeGroups skips the groups that could never have a node, because EKS refuses a maximum of 0
// (https://docs.aws.amazon.com/eks/latest/APIReference/API_NodegroupScalingConfig.html): all groups of a pool that is
// switched off, and the last groups of a pool that has fewer nodes than there are zones.
func (b *builder) nodeGroups() []nodeGroup {
	var groups []nodeGroup
	for _, pool := range b.spec.NodePools {
		for _, share := range pool.Shares(len(b.spec.Zones)) {
			if share.MaxNodes > 0 {
				groups = append(groups, nodeGroup{Share: share, pool: pool, zone: b.spec.Zones[share.Zone]})
			}
		}
	}
	return groups
}

// logical returns the logical name of a group's resource. It does not depend on the zone's place in the list.
func (b *builder) logical(role string, group nodeGroup) string {
	return fmt.Sprintf("%s-%s-%s-%s", b.name, role, group.pool.Name, group.zone)
}
