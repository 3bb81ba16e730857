package store

import (
	"net/netip"
	"strings"

	"github.com/dreamseed/platform/internal/invalid"
	"github.com/dreamseed/platform/internal/namespace"
	"github.com/dreamseed/platform/services/catalogue"
)

// Address is where a store is that somebody else runs.
type Address struct {
	// CIDR is the network of the store, such as 10.20.0.0/28. The services that need the store may reach it, and nobody
	// else. A change applies at once.
	CIDR string `json:"cidr"`
	// Port is the TCP port of the store.
	Port int `json:"port"`
}

// Validate adds the mistakes of the address below key to the problems. No closed range may be part of a store.
func (a Address) Validate(key string, closed []catalogue.Closed, problems *invalid.Problems) {
	if a.CIDR == "" {
		problems.Add(key+".cidr", nil, "must be the network of the store, such as 10.20.0.0/28, without host bits")
	}
	var found invalid.Problems
	a.destination().Validate(key, closed, &found)
	for _, one := range found {
		if a.CIDR == "" && one.Key == key+".cidr" {
			continue
		}
		one.Key = strings.Replace(one.Key, ".ports[0]", ".port", 1)
		*problems = append(*problems, one)
	}
	if prefix, err := netip.ParsePrefix(a.CIDR); err == nil && prefix.Bits() == 0 {
		problems.Add(key+".cidr", a.CIDR, "must be narrower: every address is no store")
	}
}

func (a Address) destination() catalogue.Egress {
	return catalogue.Egress{CIDR: a.CIDR, Ports: []int{a.Port}}
}

// Peer returns the address as policies know it, without the closed ranges.
func (a Address) Peer(closed []catalogue.Closed) namespace.Peer {
	to := a.destination().WithoutClosed(closed)
	return namespace.Peer{CIDR: to.CIDR, Except: to.Except, TCP: to.Ports}
}
