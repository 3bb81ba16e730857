package catalogue

import (
	"fmt"
	"net/netip"
	"slices"

	"github.com/dreamseed/platform/internal/invalid"
)

// Egress is one destination outside the cluster.
type Egress struct {
	// CIDR is the network that may be reached, for example 10.20.0.0/24. Ranges inside it that must stay closed do.
	CIDR string `json:"cidr"`
	// Ports are the TCP ports that may be reached there, at least one.
	Ports []int `json:"ports"`
	// Except lists the parts of CIDR that stay closed.
	Except []string `json:"-"`
}

// Closed is a range that no declared destination opens.
type Closed struct {
	Range netip.Prefix
	// What describes the range.
	What string
}

// CredentialServers returns the addresses at which clouds hand out credentials to any process on a machine:
// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-retrieval.html,
// https://cloud.google.com/compute/docs/metadata/querying-metadata,
// https://learn.microsoft.com/azure/virtual-network/what-is-ip-address-168-63-129-16.
func CredentialServers() []Closed {
	const metadata = "metadata servers of clouds, which hand out credentials"
	return []Closed{
		{netip.MustParsePrefix("169.254.0.0/16"), metadata},
		{netip.MustParsePrefix("168.63.129.16/32"), metadata},
		{netip.MustParsePrefix("fe80::/10"), metadata},
		{netip.MustParsePrefix("fd00:ec2::/32"), metadata},
		{netip.MustParsePrefix("fd20:ce::/32"), metadata},
	}
}

// WithoutClosed returns the destination with Except set.
func (e Egress) WithoutClosed(closed []Closed) Egress {
	e.Except = nil
	prefix, err := netip.ParsePrefix(e.CIDR)
	for _, one := range closed {
		if err == nil && inside(one.Range, prefix) && one.Range != prefix {
			e.Except = append(e.Except, one.Range.String())
		}
	}
	slices.Sort(e.Except)
	return e
}

func inside(narrow, wide netip.Prefix) bool {
	return wide.Bits() <= narrow.Bits() && wide.Contains(narrow.Addr())
}

// Validate adds the mistakes of a destination under the given key.
func (e Egress) Validate(key string, closed []Closed, problems *invalid.Problems) {
	prefix, err := netip.ParsePrefix(e.CIDR)
	if err != nil || prefix != prefix.Masked() || prefix.Addr().Is4In6() {
		problems.Add(key+".cidr", e.CIDR, "must be a network such as 10.20.0.0/24, without host bits")
	}
	for _, one := range closed {
		if err == nil && inside(prefix, one.Range) {
			problems.Add(key+".cidr", e.CIDR, "must not lie in %s: %s", one.Range, one.What)
		}
	}
	if len(e.Ports) == 0 {
		problems.Add(key+".ports", nil, "must list the TCP ports that may be reached")
	}
	for i, port := range e.Ports {
		at := fmt.Sprintf("%s.ports[%d]", key, i)
		switch {
		case port < 1 || port > 65535:
			problems.Add(at, port, "must be a TCP port from 1 to 65535")
		case slices.Contains(e.Ports[:i], port):
			problems.Add(at, port, "must be listed once")
		}
	}
}
