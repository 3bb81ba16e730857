package eks

import (
	"encoding/binary"
	"net/netip"
)

// publicQuarter is the quarter of the VPC's range that holds the public subnets. The first three quarters are the
// private subnets, one for each zone, with the nodes and the pods. The last one is divided into quarters again, for the
// public subnets with the load balancers and the NAT. A subnet depends only on the index of its zone, so adding a zone
// at the end moves no other.
const publicQuarter = 3

func privateSubnet(vpc netip.Prefix, zone int) netip.Prefix { return quarter(vpc, zone) }

func publicSubnet(vpc netip.Prefix, zone int) netip.Prefix {
	return quarter(quarter(vpc, publicQuarter), zone)
}

func quarter(of netip.Prefix, at int) netip.Prefix {
	bits := of.Bits() + 2
	address := of.Addr().As4()
	first := binary.BigEndian.Uint32(address[:]) + uint32(at)<<(32-bits)
	binary.BigEndian.PutUint32(address[:], first)
	return netip.PrefixFrom(netip.AddrFrom4(address), bits)
}
