package cluster

import (
	"fmt"
	"net/netip"
	"regexp"
	"slices"
	"strings"

	"github.com/dreamseed/platform/internal/invalid"
)

// validateManaged checks the keys that only apply to a cluster that the platform builds itself.
func (s *Spec) validateManaged(problems *invalid.Problems) {
	limits := cloudLimits[s.Cloud]
	s.validatePlace(limits, problems)
	if !kubernetesVersion.MatchString(s.KubernetesVersion) {
		problems.Add("cluster.kubernetesVersion", invalid.Given(s.KubernetesVersion),
			`must be a minor version such as "1.35"`)
	}
	s.validateNetwork(limits.ranges, problems)
	s.API.validate(limits, problems)
	s.DNS.validate(limits, problems)
	s.validateFloor(problems)
	for i, pool := range s.NodePools {
		pool.validateInCloud(fmt.Sprintf("cluster.nodePools[%d]", i), limits, problems)
	}
	if s.Existing != (ExistingSpec{}) {
		problems.Add("cluster.existing", "(not shown)", "must only be given with cloud: existing")
	}
}

var kubernetesVersion = regexp.MustCompile(`^1\.[1-9][0-9]$`)

func (s *Spec) validatePlace(limits limits, problems *invalid.Problems) {
	if !limits.account.fits(s.Account) {
		problems.Add("cluster.account", invalid.Given(s.Account), "%s", limits.account.rule)
	}
	if !limits.region.fits(s.Region) {
		if s.Region != "" {
			problems.Add("cluster.region", s.Region, "%s", limits.region.rule)
		}
		return
	}
	for i, zone := range s.Zones {
		suffix, inside := strings.CutPrefix(zone, s.Region)
		if zone != "" && (!inside || !limits.zone.fits(suffix)) {
			problems.Add(fmt.Sprintf("cluster.zones[%d]", i), zone, "%s", limits.zone.rule+", and lie in region "+s.Region)
		}
	}
	if count := len(s.Zones); count > 0 && (count < limits.minZones || count > limits.maxZones) {
		problems.Add("cluster.zones", fmt.Sprintf("%d zones", count), "must list %d to %d zones",
			limits.minZones, limits.maxZones)
	}
}

func (a *APIAccess) validate(limits limits, problems *invalid.Problems) {
	for i, text := range a.AuthorizedRanges {
		key := fmt.Sprintf("cluster.api.authorizedRanges[%d]", i)
		switch prefix, err := netip.ParsePrefix(text); {
		case err != nil || prefix != prefix.Masked() || !prefix.Addr().Is4():
			problems.Add(key, text, "must be an IPv4 range such as 203.0.113.0/24")
		case prefix.Bits() == 0:
			problems.Add(key, text, "must not be everybody")
		}
	}
	if len(a.Administrators) == 0 {
		problems.Add("cluster.api.administrators", nil, "must list at least one, the identity that runs Pulumi among them")
	}
	for i, administrator := range a.Administrators {
		if !limits.administrator.fits(administrator) {
			problems.Add(fmt.Sprintf("cluster.api.administrators[%d]", i), administrator, "%s", limits.administrator.rule)
		}
	}
}

func (d *DNS) validate(limits limits, problems *invalid.Problems) {
	isName := IsHostname(d.Host) && strings.Contains(d.Host, ".")
	// If the zone is given by name, and not just by an ID, the host has to lie in it.
	_, domain, named := strings.Cut(d.Zone, "/")
	switch {
	case !isName:
		problems.Add("cluster.dns.host", invalid.Given(d.Host),
			"must be a full DNS name such as learn.dreamseed.ai, no address")
	case named && !strings.HasSuffix(d.Host, "."+domain):
		problems.Add("cluster.dns.host", d.Host, "must lie in the zone %s", domain)
	}
	if !limits.dnsZone.fits(d.Zone) {
		problems.Add("cluster.dns.zone", invalid.Given(d.Zone), "%s", limits.dnsZone.rule)
	}
	if isName {
		d.validateAliases(problems)
	}
}

// validateAliases checks the names below the host: its zone holds them, and the permission to change its record is one
// to change theirs.
func (d *DNS) validateAliases(problems *invalid.Problems) {
	for i, alias := range d.Aliases {
		key := fmt.Sprintf("cluster.dns.aliases[%d]", i)
		switch {
		case !IsHostname(alias) || !strings.HasSuffix(alias, "."+d.Host):
			problems.Add(key, invalid.Given(alias), "must be a DNS name below cluster.dns.host, such as grafana.%s", d.Host)
		case slices.Contains(d.Aliases[:i], alias):
			problems.Add(key, alias, "must differ from the other aliases: a name has one record")
		}
	}
}
