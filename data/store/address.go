package store

import (
	"net/netip"

	"github.com/dreamseed/platform/internal/invalid"
	"github.com/dreamseed/platform/internal/namespace"
)

// Address is where a store is that somebody else runs.
type Address struct {
	// CIDR is the network of the store, for example 10.20.0.0/28. The services that need the store may reach it, and
	// nobody else. A change applies at once.
	CIDR string `json:"cidr"`
	// Port is the TCP port of the store.
	Port int `json:"port"`
}

// Validate adds the mistakes of the address below key to the problems.
func (a Address) Validate(key string, problems *invalid.Problems) {
	prefix, err := netip.ParsePrefix(a.CIDR)
	if err != nil || prefix != prefix.Masked() || prefix.Addr().Is4In6() {
		problems.Add(key+".cidr", invalid.Given(a.CIDR), "must be the network of the store, such as 10.20.0.0/28, "+
			"without host bits")
	}
	if a.Port < 1 || a.Port > 65535 {
		problems.Add(key+".port", a.Port, "must be a TCP port from 1 to 65535")
	}
}

// Peer returns the address as policies know it.
func (a Address) Peer() namespace.Peer { return namespace.Peer{CIDR: a.CIDR, TCP: []int{a.Port}} }
