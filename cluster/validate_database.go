package cluster

import (
	"regexp"
	"strconv"
	"time"

	"github.com/dreamseed/platform/internal/invalid"
)

// databaseLimits are a cloud's requirements for a database server.
type databaseLimits struct {
	// tier returns what is wrong with a tier, or "".
	tier func(string) string
	// retentionDays are the fewest and the most.
	retentionDays [2]int
	// range is whether the server needs network.data.
	needsRange bool
}

var databases = map[Cloud]databaseLimits{
	// https://cloud.google.com/sql/docs/postgres/backup-recovery/pitr
	GKE: {tier: cloudSQLTier, retentionDays: [2]int{1, 7}, needsRange: true},
}

// CanRunDatabases reports whether the cloud runs database servers for a cluster. One that does not exist is another
// mistake.
func (c Cloud) CanRunDatabases() bool {
	_, can := databases[c]
	return can || !c.known()
}

// ValidateDatabase adds the mistakes of a database server, whose section has this key, to the problems. Without a cloud
// that runs some there are none.
func (s *Spec) ValidateDatabase(key string, of DatabaseSpec, production bool, problems *invalid.Problems) {
	limits, runs := databases[s.Cloud]
	if !runs {
		return
	}
	if wrong := limits.tier(of.Tier); wrong != "" {
		problems.Add(key+".tier", invalid.Given(of.Tier), "%s", wrong)
	}
	if days := of.RetentionDays; days < limits.retentionDays[0] || days > limits.retentionDays[1] {
		problems.Add(key+".retentionDays", days, "must be %d to %d", limits.retentionDays[0], limits.retentionDays[1])
	}
	if of.MaxStorageGB < leastStorageGB || of.MaxStorageGB > mostStorageGB {
		problems.Add(key+".maxStorageGB", of.MaxStorageGB, "must be %d to %d", leastStorageGB, mostStorageGB)
	}
	switch {
	case of.HighAvailability && len(s.Zones) == 1:
		problems.Add(key+".highAvailability", true, "must be false: the second server needs another zone, and cluster.zones "+
			"lists one")
	case !of.HighAvailability && production:
		problems.Add(key+".highAvailability", false, "must be true in production: a lost zone would stop every service")
	}
	if of.Generation < 1 {
		problems.Add(key+".generation", of.Generation, "must be 1 or more")
	}
	of.RestoreFrom.validate(key+".restoreFrom", of.Generation, problems)
	if limits.needsRange && s.Network.Data == "" {
		problems.Add("cluster.network.data", nil, "must be given: the database server gets its address from it")
	}
}

// validate adds the mistakes of what a server of a generation begins with to the problems.
func (r Restore) validate(key string, generation int, problems *invalid.Problems) {
	switch {
	case r.Generation < 0 || r.Generation == 0 && r.Time != "":
		problems.Add(key+".generation", r.Generation, "must be the generation of another server")
	case r.Generation == generation && generation > 0:
		problems.Add(key+".generation", r.Generation, "must not be the generation of the server itself: another server is "+
			"restored, and this one stays")
	}
	if r.Time == "" {
		return
	}
	if at, err := time.Parse(time.RFC3339, r.Time); err != nil || at.Location() != time.UTC {
		problems.Add(key+".time", r.Time, "must be a moment in UTC such as 2026-11-27T10:15:00Z")
	}
}

// Bounds of a disk in GiB that every cloud has: Cloud SQL and Azure allow no less and RDS no more
// (https://cloud.google.com/sql/docs/postgres/instance-settings,
// https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Storage.html).
const (
	leastStorageGB = 32
	mostStorageGB  = 32767
)

var customTier = regexp.MustCompile(`^db-custom-([1-9][0-9]*)-([1-9][0-9]*)$`)

// cloudSQLTier returns what is wrong with a machine type of Cloud SQL's edition Enterprise
// (https://cloud.google.com/sql/docs/postgres/instance-settings). Shared cores have no high availability worth its name
// and no agreement on it, so they are refused.
func cloudSQLTier(tier string) string {
	const rule = "must be db-custom-<CPUs>-<memory in MB> such as db-custom-2-7680: "
	parts := customTier.FindStringSubmatch(tier)
	if parts == nil {
		return rule + "the machine types with whole cores"
	}
	cpus, err := strconv.Atoi(parts[1])
	memory, err2 := strconv.Atoi(parts[2])
	switch {
	case err != nil || err2 != nil || cpus > 96 || cpus > 1 && cpus%2 != 0:
		return rule + "1 CPU, or an even number up to 96"
	case memory%256 != 0 || memory < 3840:
		return rule + "a multiple of 256 MB, and 3840 MB at least"
	case memory*10 < cpus*9*1024 || memory*10 > cpus*65*1024:
		return rule + "0.9 to 6.5 GB for each CPU"
	}
	return ""
}
