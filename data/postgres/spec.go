// Package postgres gives services their PostgreSQL databases: in the cluster by the operator CloudNativePG
// (https://cloudnative-pg.io/docs/1.30), on a server that the cloud runs, or at an address that somebody else runs.
// What is in the cluster is backed up to the object store, and a drill restores it every week.
package postgres

import (
	"slices"

	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/dreamseed/platform/cluster"
	"github.com/dreamseed/platform/data/store"
	"github.com/dreamseed/platform/services/catalogue"
)

// Spec describes the PostgreSQL of an environment.
type Spec struct {
	// Mode is who provides it. Default inCluster. Another one starts with empty databases: nothing is carried over, and
	// what is in the cluster is protected until somebody takes that away.
	Mode store.Mode `json:"mode"`
	// Instances is the number of servers with the same data, of which one is written to. Default 3: a lost zone loses
	// nothing. With 1, a drain or a lost node stops every service that has a database for minutes. More are added to the
	// running ones.
	Instances int `json:"instances"`
	// Storage is the size of the volume of each instance. Default 20Gi. It grows in place; CloudNativePG refuses a smaller
	// one. A backup takes as much of a node's disk at most, and the drill twice as much.
	Storage resource.Quantity `json:"storage"`
	// Resources are the requests and limits of an instance. Default 500m and 1Gi, and a limit of 2 CPU. A quarter of the
	// requested memory is shared buffers. A change restarts the instances, one after the other.
	Resources catalogue.Resources `json:"resources"`
	// Backup says when the databases are dumped to the object store, and how long the dumps are kept.
	Backup Backup `json:"backup"`
	// Managed describes the server of the cloud in mode managed, which reaches it through cluster.network.data.
	Managed cluster.DatabaseSpec `json:"managed"`
	// External is where PostgreSQL is in mode external. Each service then reads its DATABASE_URL from the secret manager.
	External store.Address `json:"external"`
}

// Backup describes the daily dumps of the databases, and the weekly drill that restores them.
type Backup struct {
	// RetentionDays is how long a dump is kept. Default 30. With 0 nothing is dumped, which production refuses.
	RetentionDays int `json:"retentionDays"`
	// Hour is the hour of the day, in UTC, in which the databases are dumped one after the other. Default 2. The drill
	// runs on Sunday, two and a half hours after the first of them.
	Hour int `json:"hour"`
}

// Enabled reports whether the databases are dumped.
func (b Backup) Enabled() bool { return b.RetentionDays > 0 }

// Port is the port registered for PostgreSQL (https://www.iana.org/assignments/service-names-port-numbers).
const Port = 5432

// Default returns the defaults of a mode. A mode that does not exist has nothing to set.
func Default(mode store.Mode) Spec {
	switch mode {
	case store.InCluster:
		return Spec{
			Mode: mode, Instances: 3, Storage: resource.MustParse("20Gi"), Resources: defaultResources(),
			Backup: Backup{RetentionDays: 30, Hour: 2},
		}
	case store.Managed:
		return Spec{Mode: mode, Managed: cluster.DefaultDatabase()}
	case store.External:
		return Spec{Mode: mode, External: store.Address{Port: Port}}
	default:
		return Spec{Mode: mode}
	}
}

func defaultResources() catalogue.Resources {
	return catalogue.Resources{
		Requests: catalogue.Amounts{CPU: resource.MustParse("500m"), Memory: resource.MustParse("1Gi")},
		Limits:   catalogue.Amounts{CPU: resource.MustParse("2"), Memory: resource.MustParse("1Gi")},
	}
}

// declaring returns the services that have a database.
func declaring(all []catalogue.Service) []catalogue.Service {
	return slices.DeleteFunc(slices.Clone(all), func(one catalogue.Service) bool { return !one.Needs.Postgres })
}
