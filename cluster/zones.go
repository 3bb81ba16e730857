package cluster

// Share is what one zone gets of a pool, where the pool is a group of nodes in each zone and not one over all of them.
type Share struct {
	// Zone is the zone's place in Spec.Zones.
	Zone int
	// MinNodes and MaxNodes bound the nodes in this zone. Both can be 0.
	MinNodes, MaxNodes int
}

// Shares divides the pool's bounds over the zones: together the shares are what the pool has, two of them differ by one
// at most, and the zones that are listed first have the larger ones. A pool that surely has as many nodes as there are
// zones has one in each; two pools with fewer have theirs in the same zones.
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

// share is the part of a whole at one place. Of two wholes the larger one has the larger part at each place, so that no
// minimum exceeds its maximum.
func share(whole, parts, at int) int {
	if at < whole%parts {
		return whole/parts + 1
	}
	return whole / parts
}
