package data

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/dreamseed/platform/cluster"
	"github.com/dreamseed/platform/data/store"
	"github.com/dreamseed/platform/internal/invalid"
	"github.com/dreamseed/platform/services/catalogue"
)

// Kept is what holds data in the cluster and in the cloud, by the key of the store. A run leaves it as an output of the
// stack, and the next run reads it: nothing else tells a program what was there before.
type Kept map[string]KeptStore

// KeptStore is what one store holds.
type KeptStore struct {
	// Mode is who provides the store. Empty means inCluster.
	Mode store.Mode `json:"mode"`
	// Servers are those that the cloud runs, or has ever run for the stack.
	Servers []cluster.DatabaseSpec `json:"servers"`
	// Buckets are those that the cloud keeps, or has ever kept for the stack, by their names in the environment.
	Buckets map[string]cluster.BucketSpec `json:"buckets"`
	// Storage is the size of each of its volumes.
	Storage string `json:"storage"`
	// Brokers is the number of Kafka's brokers. 0 for another store.
	Brokers int `json:"brokers"`
	// Holds maps what holds data, such as a database, a topic or a bucket, to the service that declares it.
	Holds map[string]string `json:"holds"`
}

// Kept returns what the stores hold in the cluster and in the cloud. Servers of the cloud that the last run left are
// part of it as long as nobody lets them go.
func (s Spec) Kept(before Kept, services []catalogue.Service) Kept {
	kept := Kept{}
	for _, one := range s.needs() {
		if one.provided() {
			kept[one.key] = KeptStore{
				Mode: one.mode, Storage: one.storage.String(), Brokers: one.brokers, Holds: one.held(services),
			}
		}
	}
	if servers := s.servers(before); len(servers) > 0 {
		of := kept[postgresKey]
		of.Servers = servers
		kept[postgresKey] = of
	}
	if buckets := s.buckets(before, services); len(buckets) > 0 {
		of := kept[objectsKey]
		of.Buckets = buckets
		kept[objectsKey] = of
	}
	return kept
}

// Remaining returns the keys of the stores that the last run left, and that nobody lets go as a whole.
func (s Spec) Remaining(before Kept) []string {
	return slices.DeleteFunc(slices.Sorted(maps.Keys(before)), s.letsGo)
}

// Keys of the sections of stores that the cloud runs.
const (
	postgresKey = "postgres"
	objectsKey  = "objects"
)

// buckets returns the buckets of the cloud that the stack has, and those that it had.
func (s Spec) buckets(before Kept, services []catalogue.Service) map[string]cluster.BucketSpec {
	all := s.FormerBuckets(before, services)
	if s.Objects.Mode == store.Managed {
		for _, service := range services {
			for _, name := range buckets(service) {
				all[name] = s.Objects.Managed
			}
		}
	}
	return all
}

// FormerBuckets returns the buckets of the cloud that the stack had, and that nobody has let go. They stay, and no
// service reaches them. While the cloud keeps others, they have the configuration of these.
func (s Spec) FormerBuckets(before Kept, services []catalogue.Service) map[string]cluster.BucketSpec {
	former := map[string]cluster.BucketSpec{}
	for name, spec := range before[objectsKey].Buckets {
		serves := s.Objects.Mode == store.Managed && slices.ContainsFunc(services, func(one catalogue.Service) bool {
			return slices.Contains(buckets(one), name)
		})
		if serves || s.letsGo(objectsKey) || s.letsGo(objectsKey+"/"+name) {
			continue
		}
		if s.Objects.Mode == store.Managed {
			spec = s.Objects.Managed
		}
		former[name] = spec
	}
	return former
}

// servers returns the servers that the stack has, and those that it had, by their generation.
func (s Spec) servers(before Kept) []cluster.DatabaseSpec {
	var all []cluster.DatabaseSpec
	if s.Postgres.Mode == store.Managed {
		all = append(all, s.Postgres.Managed)
	}
	return slices.SortedFunc(slices.Values(append(all, s.FormerServers(before)...)),
		func(a, b cluster.DatabaseSpec) int { return cmp.Compare(a.Generation, b.Generation) })
}

// FormerServers returns the database servers that the stack had, and that nobody has let go. They stay as they are.
func (s Spec) FormerServers(before Kept) []cluster.DatabaseSpec {
	return slices.DeleteFunc(slices.Clone(before[postgresKey].Servers), func(one cluster.DatabaseSpec) bool {
		serves := s.Postgres.Mode == store.Managed && one.Generation == s.Postgres.Managed.Generation
		return serves || s.letsGo(serverEntry(one.Generation))
	})
}

// serverEntry returns the entry of letGo with which a server goes.
func serverEntry(generation int) string { return fmt.Sprintf("%s/server-%d", postgresKey, generation) }

// held maps what the services have in the store to its owner.
func (n need) held(services []catalogue.Service) map[string]string {
	held := map[string]string{}
	for _, service := range services {
		for _, name := range n.holds(service) {
			held[name] = service.Name
		}
	}
	return held
}

// ValidateChange adds what would lose data that is there to the problems: a store or a need that goes, a volume that
// shrinks, and another number of brokers. What the spec lets go may go.
func (s Spec) ValidateChange(before Kept, services []catalogue.Service, problems *invalid.Problems) {
	for _, one := range s.needs() {
		was, there := before[one.key]
		switch {
		case !there || s.letsGo(one.key):
		case was.Mode == store.Managed:
			// What the cloud has of the stack stays whoever provides the store now.
			if one.mode == store.Managed {
				s.validateNeeds(one, was, services, problems)
			}
		case was.Storage == "": // it has nothing but former servers
		case one.mode != store.InCluster:
			problems.Add("data."+one.key+".mode", invalid.Given(string(one.mode)), "must stay %s: it has the data of %s; %s",
				store.InCluster, strings.Join(slices.Compact(slices.Sorted(maps.Values(was.Holds))), ", "),
				was.instead(one.key))
		default:
			one.validateSize(was, problems)
			s.validateNeeds(one, was, services, problems)
		}
	}
}

// instead says how something of the store may go.
func (k KeptStore) instead(of string) string {
	if k.Mode == store.Managed && len(k.Buckets) > 0 {
		return fmt.Sprintf("once it is empty, list %q in data.letGo, and take its protection away (docs/data.md)", of)
	}
	return fmt.Sprintf("after a backup, list %q in data.letGo: it then stays in the cluster, and nothing looks after it "+
		"any more (docs/data.md)", of)
}

func (n need) validateSize(was KeptStore, problems *invalid.Problems) {
	before, err := resource.ParseQuantity(was.Storage)
	if err == nil && n.storage.Cmp(before) < 0 {
		problems.Add("data."+n.key+".storage", n.storage.String(), "must be %s or more: a volume does not shrink",
			was.Storage)
	}
	if n.brokers != was.Brokers {
		problems.Add("data."+n.key+".brokers", n.brokers,
			"must stay %d: the topics have the number of copies that they were made with", was.Brokers)
	}
}

// validateNeeds refuses that a service no longer declares what holds its data.
func (s Spec) validateNeeds(one need, was KeptStore, services []catalogue.Service, problems *invalid.Problems) {
	now := one.held(services)
	for _, name := range slices.Sorted(maps.Keys(was.Holds)) {
		entry, owner := one.key+"/"+name, was.Holds[name]
		if _, declared := now[name]; !declared && !s.letsGo(entry) {
			problems.Add("services."+owner+".needs."+one.declared, one.given(needsOf(services, owner)),
				"must declare %s, as long as its data is there; %s", name, was.instead(entry))
		}
	}
}

// needsOf returns the needs of a service, or none if there is no such service.
func needsOf(services []catalogue.Service, name string) catalogue.Needs {
	at := slices.IndexFunc(services, func(one catalogue.Service) bool { return one.Name == name })
	if at < 0 {
		return catalogue.Needs{}
	}
	return services[at].Needs
}

func (s Spec) letsGo(entry string) bool { return slices.Contains(s.LetGo, entry) }

// validateLetGo refuses entries that name nothing, and those that the spec or a service still declares.
func (s Spec) validateLetGo(services []catalogue.Service, problems *invalid.Problems) {
	var keys []string
	for _, one := range s.needs() {
		keys = append(keys, one.key)
	}
	for i, entry := range s.LetGo {
		key := fmt.Sprintf("data.letGo[%d]", i)
		of, name, single := strings.Cut(entry, "/")
		at := slices.IndexFunc(s.needs(), func(one need) bool { return one.key == of })
		if at < 0 || single && name == "" {
			problems.Add(key, entry, "must be a store (%s), or a store and what it holds, such as postgres/auth",
				strings.Join(keys, ", "))
			continue
		}
		one := s.needs()[at]
		owner, declared := one.held(services)[name]
		serves := one.mode == store.Managed && entry == serverEntry(s.Postgres.Managed.Generation)
		switch {
		case serves:
			problems.Add(key, entry, "must not be listed while data.%s.managed.generation names it", of)
		case !single && one.mode == store.InCluster:
			problems.Add(key, entry, "must not be listed while data.%s.mode is %s", of, store.InCluster)
		case single && declared:
			problems.Add(key, entry, "must not be listed while services.%s.needs declares it", owner)
		}
	}
}
