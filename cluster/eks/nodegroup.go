package eks

import (
	"fmt"

	"github.com/dreamseed/platform/cluster"
)

// nodeGroup is a pool's nodes in one zone. Of a group over several zones the autoscaler believes that all its nodes
// come up in the first one, and a pod that has to run in another, for its spread or for its volume, waits for ever
// (https://docs.aws.amazon.com/eks/latest/best-practices/cas.html, and getAsgTemplate in
// https://github.com/kubernetes/autoscaler/blob/master/cluster-autoscaler/cloudprovider/aws/aws_manager.go).
type nodeGroup struct {
	cluster.Share

	pool cluster.NodePool
	zone string
}

// nodeGroups leaves out those that could never have a node, because EKS takes no upper bound of 0
// (https://docs.aws.amazon.com/eks/latest/APIReference/API_NodegroupScalingConfig.html): the ones of a pool that is
// switched off, and the last ones of a pool that has fewer nodes than there are zones.
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

// logical names what belongs to a group. It does not depend on the zone's place among the others.
func (b *builder) logical(role string, group nodeGroup) string {
	return fmt.Sprintf("%s-%s-%s-%s", b.name, role, group.pool.Name, group.zone)
}
