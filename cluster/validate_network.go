package cluster

import (
	"math"
	"net/netip"
	"slices"

	"github.com/dreamseed/platform/internal/invalid"
)

// validateNetwork checks each range on its own, then for overlaps, then that the ranges have room for nodes and pods.
func (s *Spec) validateNetwork(limits ranges, problems *invalid.Problems) {
	before := len(*problems)
	var parsed []namedRange
	for _, wanted := range limits.wanted(&s.Network) {
		if one, ok := wanted.parse(limits.taken, problems); ok {
			parsed = append(parsed, one)
		}
	}
	limits.refuseUnused(&s.Network, problems)
	refuseOverlaps(parsed, problems)
	if len(*problems) == before {
		s.validateRoom(limits, parsed, problems)
	}
}

// wantedRange is a range that the cloud needs, the ranges that it may lie in, and the bounds of its prefix length.
type wantedRange struct {
	key, text string
	bits      [2]int
	within    []netip.Prefix
}

type namedRange struct {
	key    string
	prefix netip.Prefix
}

func (r ranges) wanted(n *Network) []wantedRange {
	all := []wantedRange{
		{"cluster.network.nodes", n.Nodes, r.nodesPrefix, private},
		{"cluster.network.services", n.Services, [2]int{16, 24}, private},
	}
	if r.pods {
		all = append(all, wantedRange{"cluster.network.pods", n.Pods, [2]int{8, 24}, append(private, shared)})
	}
	if r.controlPlane {
		all = append(all, wantedRange{"cluster.network.controlPlane", n.ControlPlane, [2]int{28, 28}, private})
	}
	if r.data() && n.Data != "" {
		all = append(all, wantedRange{"cluster.network.data", n.Data, r.dataPrefix, private})
	}
	return all
}

func (r ranges) refuseUnused(n *Network, problems *invalid.Problems) {
	if !r.pods && n.Pods != "" {
		problems.Add("cluster.network.pods", n.Pods, "must not be given: pods get their addresses from network.nodes")
	}
	if !r.controlPlane && n.ControlPlane != "" {
		problems.Add("cluster.network.controlPlane", n.ControlPlane, "must not be given: only GKE asks for it")
	}
	if !r.data() && n.Data != "" {
		problems.Add("cluster.network.data", n.Data, "must not be given: only GKE asks for it")
	}
}

// data reports whether data stores that the cloud runs need a range of their own.
func (r ranges) data() bool { return r.dataPrefix != [2]int{} }

// private are the private ranges of RFC 1918. An append to the clipped list copies it.
var private = slices.Clip([]netip.Prefix{
	netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("172.16.0.0/12"), netip.MustParsePrefix("192.168.0.0/16"),
})

// shared is for addresses that no other network has to reach, such as those of pods (RFC 6598).
var shared = netip.MustParsePrefix("100.64.0.0/10")

func (w wantedRange) parse(taken []netip.Prefix, problems *invalid.Problems) (namedRange, bool) {
	before := len(*problems)
	prefix, err := netip.ParsePrefix(w.text)
	switch {
	case err != nil:
		problems.Add(w.key, invalid.Given(w.text), "must be an IPv4 range such as 10.0.0.0/16")
	case prefix != prefix.Masked():
		problems.Add(w.key, w.text, "must begin at the range's first address: %s", prefix.Masked())
	case !within(prefix, w.within):
		problems.Add(w.key, w.text, "must lie in a private range: %v", w.within)
	case prefix.Bits() < w.bits[0] || prefix.Bits() > w.bits[1]:
		problems.Add(w.key, w.text, "must have a prefix between /%d and /%d", w.bits[0], w.bits[1])
	}
	for _, other := range taken {
		if err == nil && prefix.Overlaps(other) {
			problems.Add(w.key, w.text, "must not overlap with %s, which the cloud uses itself", other)
		}
	}
	return namedRange{w.key, prefix}, len(*problems) == before
}

func within(prefix netip.Prefix, wider []netip.Prefix) bool {
	for _, one := range wider {
		if one.Bits() <= prefix.Bits() && one.Contains(prefix.Addr()) {
			return true
		}
	}
	return false
}

func refuseOverlaps(all []namedRange, problems *invalid.Problems) {
	for i, one := range all {
		for _, other := range all[:i] {
			if one.prefix.Overlaps(other.prefix) {
				problems.Add(one.key, one.prefix.String(), "must not overlap with %s (%s)", other.key, other.prefix)
			}
		}
	}
}

// validateRoom checks that the ranges have room for the nodes that the pools can grow to, the nodes that an upgrade
// adds, and the pods that all of them can run.
func (s *Spec) validateRoom(limits ranges, parsed []namedRange, problems *invalid.Problems) {
	nodes := s.nodesAtMost(limits)
	for _, one := range parsed {
		switch one.key {
		case "cluster.network.nodes":
			need := (s.nodesInSubnet(limits)*limits.perNode + limits.reserved) * limits.shares
			refuseSmall(one, need, nodes, problems)
		case "cluster.network.pods":
			refuseSmall(one, nodes*podsPerNode, nodes, problems)
		}
	}
}

func (s *Spec) nodesAtMost(limits ranges) int {
	nodes := limits.systemNodes
	for _, pool := range s.NodePools {
		nodes += pool.MaxNodes + s.groups(limits)*limits.surge
	}
	return nodes
}

// nodesInSubnet returns the maximum number of nodes in the fullest subnet.
func (s *Spec) nodesInSubnet(limits ranges) int {
	nodes := limits.systemNodes
	for _, pool := range s.NodePools {
		nodes += pool.Shares(s.groups(limits))[0].MaxNodes + limits.surge
	}
	return nodes
}

// groups returns the number of node groups that a pool consists of, each in a subnet of its own.
func (s *Spec) groups(limits ranges) int {
	if limits.shares == 1 {
		return 1
	}
	return max(1, len(s.Zones))
}

func refuseSmall(one namedRange, need, nodes int, problems *invalid.Problems) {
	prefix := 32 - int(math.Ceil(math.Log2(float64(need))))
	if one.prefix.Bits() > prefix {
		problems.Add(one.key, one.prefix.String(),
			"must be a /%d or larger: %d nodes, those of an upgrade included, need %d addresses", prefix, nodes, need)
	}
}
