package cluster

// Share is one zone's part of a pool that consists of one group of nodes per zone, not of one across all of them.
type Share struct {
	// Zone is the zone's index in Spec.Zones.
	Zone int
	// MinNodes and MaxNodes bound the nodes in this zone. Both can be 0.
	MinNodes, MaxNodes int
}

// Shares divides the pool's bounds over the zones. The shares add up to the pool's bounds, differ by at most one, and
// are larger for the zones that are listed first. A pool with a MinNodes of at least the number of zones has a node in
// each zone; two pools with fewer have theirs in the same zones.
func (p NodePool) Shares(zones int) []Share {
	shares := make([]Share, zones)
	for zone := range shares {
		shares[zone] = Share{
			Zone:     zone,
			MinNodes: share(p.MinNodes, zones, zone),
			MaxNodes: share(p.MaxNodes, zones, zone),
		}
	}
	return shares
}

// share returns the part of a whole at one index. The larger of two wholes never has the smaller part at any index, so
// that no minimum exceeds its maximum.
func share(whole, parts, at int) int {
	if at < whole%parts {
		return whole/parts + 1
	}
	return whole / parts
}
