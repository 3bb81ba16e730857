// Package data gives services the data stores that they declare: PostgreSQL, a cache, Kafka and object storage. What a
// service finds is the same whatever provides a store, and each service has an identity of its own in each.
package data

import (
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/dreamseed/platform/cluster"
	"github.com/dreamseed/platform/data/kafka"
	"github.com/dreamseed/platform/data/objects"
	"github.com/dreamseed/platform/data/postgres"
	"github.com/dreamseed/platform/data/redis"
	"github.com/dreamseed/platform/data/store"
	"github.com/dreamseed/platform/internal/invalid"
	"github.com/dreamseed/platform/services/catalogue"
)

// Spec is the section dreamseed:data: one section for each store. A store that no service needs has none.
type Spec struct {
	Postgres postgres.Spec `json:"postgres"`
	Redis    redis.Spec    `json:"redis"`
	Kafka    kafka.Spec    `json:"kafka"`
	Objects  objects.Spec  `json:"objects"`
	// LetGo lists what the services and the stores no longer declare although it holds data: a store (kafka), or a store
	// and what it holds (postgres/auth, kafka/orders, objects/user-avatars). It stays in the cluster, and nothing looks
	// after it any more. Default nothing. An entry has done its work after one run.
	LetGo []string `json:"letGo"`
}

// Modes are the modes of the stores, empty where a section has none.
type Modes struct{ Postgres, Redis, Kafka, Objects store.Mode }

// Default returns the defaults of stores with these modes.
func Default(modes Modes) Spec {
	return Spec{
		Postgres: postgres.Default(modes.Postgres),
		Redis:    redis.Default(modes.Redis),
		Kafka:    kafka.Default(modes.Kafka),
		Objects:  objects.Default(modes.Objects),
	}
}

// need is one of the stores, as a service declares it.
type need struct {
	// key is the key of the store's section.
	key  string
	mode store.Mode
	of   func(catalogue.Needs) bool
	// files are those of a service with the need.
	files []string
	// keyless reports whether a cloud knows the service by its identity, and no password is drawn for it there.
	keyless bool
	// storage is the size of each volume, and brokers the number of brokers, if the store has any.
	storage resource.Quantity
	brokers int
	// holds returns what holds the data of a service, which declares it under the key declared of its needs. given returns
	// the value of that key, or nil where it has none.
	holds    func(catalogue.Service) []string
	declared string
	given    func(catalogue.Needs) any
}

// needs lists the stores in the order of the section.
func (s Spec) needs() []need {
	return []need{
		{
			key: postgresKey, mode: s.Postgres.Mode,
			of:      func(n catalogue.Needs) bool { return n.Postgres },
			files:   []string{catalogue.DatabaseURL},
			storage: s.Postgres.Storage, declared: "postgres",
			given: func(n catalogue.Needs) any { return n.Postgres },
			holds: named(func(n catalogue.Needs) bool { return n.Postgres }),
		},
		{
			key: "redis", mode: s.Redis.Mode,
			of:      func(n catalogue.Needs) bool { return n.Redis },
			files:   []string{catalogue.RedisURL},
			storage: s.Redis.Storage, declared: "redis",
			given: func(n catalogue.Needs) any { return n.Redis },
			holds: named(func(n catalogue.Needs) bool { return n.Redis }),
		},
		{
			key: "kafka", mode: s.Kafka.Mode,
			of:      catalogue.Needs.Kafka,
			files:   kafka.ExternalKeys(),
			storage: s.Kafka.Storage, brokers: s.Kafka.Brokers, declared: "produces",
			given: func(n catalogue.Needs) any { return invalid.Given(strings.Join(n.Produces, ", ")) },
			holds: func(service catalogue.Service) []string { return service.Needs.Produces },
		},
		{
			key: objectsKey, mode: s.Objects.Mode,
			of:      catalogue.Needs.Objects,
			files:   s.Objects.Files(),
			keyless: true,
			storage: s.Objects.Storage, declared: "buckets",
			given: func(n catalogue.Needs) any { return invalid.Given(strings.Join(n.Buckets, ", ")) },
			holds: buckets,
		},
	}
}

// provided reports whether the platform provides the store.
func (n need) provided() bool { return n.mode == store.InCluster || n.mode == store.Managed }

// named returns what holds the data of a service in a store that calls it by the name of the service.
func named(of func(catalogue.Needs) bool) func(catalogue.Service) []string {
	return func(service catalogue.Service) []string {
		if !of(service.Needs) {
			return nil
		}
		return []string{service.Name}
	}
}

// buckets returns the names of a service's buckets in the store.
func buckets(service catalogue.Service) []string {
	var names []string
	for _, bucket := range service.Needs.Buckets {
		names = append(names, objects.Bucket(service.Name, bucket))
	}
	return names
}

// ReadFiles returns the files of a service that are read from the secret manager, because somebody else runs the store.
func (s Spec) ReadFiles(needs catalogue.Needs) []string { return s.files(needs, store.External) }

// WrittenFiles returns the files of a service that the platform writes itself.
func (s Spec) WrittenFiles(needs catalogue.Needs) []string {
	return s.files(needs, store.InCluster, store.Managed)
}

func (s Spec) files(needs catalogue.Needs, modes ...store.Mode) []string {
	var all []string
	for _, one := range s.needs() {
		if slices.Contains(modes, one.mode) && one.of(needs) {
			all = append(all, one.files...)
		}
	}
	return all
}

// Provided reports whether the platform provides any store: in the cluster, or by having the cloud run it.
func (s Spec) Provided() bool {
	return slices.ContainsFunc(s.needs(), need.provided)
}

// Draws reports whether passwords of any store are drawn in the cluster.
func (s Spec) Draws() bool {
	return slices.ContainsFunc(s.needs(), func(one need) bool {
		return one.mode == store.InCluster || one.provided() && !one.keyless
	})
}

// Running returns the keys of the stores that run in the cluster, in the order of the section.
func (s Spec) Running() []string {
	var keys []string
	for _, one := range s.needs() {
		if one.mode == store.InCluster {
			keys = append(keys, one.key)
		}
	}
	return keys
}

// Variables returns the environment variables of a service that its declaration decides, in a cluster.
func (s Spec) Variables(service catalogue.Service, in *cluster.Spec) map[string]string {
	return s.Objects.Variables(service, in)
}

// backsUp reports whether databases in the cluster are dumped.
func (s Spec) backsUp(services []catalogue.Service) bool {
	needs := func(service catalogue.Service) bool { return service.Needs.Postgres }
	return s.Postgres.Mode == store.InCluster && s.Postgres.Backup.Enabled() && slices.ContainsFunc(services, needs)
}

// Backups returns the names of the CronJobs that dump a database each, every day.
func (s Spec) Backups(services []catalogue.Service) []string {
	if !s.backsUp(services) {
		return nil
	}
	var names []string
	for _, service := range services {
		if service.Needs.Postgres {
			names = append(names, postgres.BackupName(service.Name))
		}
	}
	return names
}

// Drill returns the name of the CronJob that restores the dumps every week, or "" where there are none.
func (s Spec) Drill(services []catalogue.Service) string {
	if !s.backsUp(services) {
		return ""
	}
	return postgres.DrillName
}

// keepsBackups reports whether there is a place for dumps.
func (s Spec) keepsBackups() bool { return s.Objects.Mode == store.InCluster }

// Demand returns the most that the stores may request from the services' namespace at one moment.
func (s Spec) Demand(services []catalogue.Service) catalogue.Demand {
	demand := s.Postgres.Demand(services)
	demand.Add(s.Redis.Demand())
	demand.Add(s.Kafka.Demand(services))
	demand.Add(s.Objects.Demand())
	return demand
}

// Volumes returns the sizes of the volumes that the stores claim.
func (s Spec) Volumes(services []catalogue.Service) []resource.Quantity {
	return slices.Concat(s.Postgres.Volumes(), s.Redis.Volumes(), s.Kafka.Volumes(services), s.Objects.Volumes())
}
