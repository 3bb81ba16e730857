// Package logging keeps what the services log: a collector on every node reads their lines, and a store keeps them for
// as long as the configuration says. docs/logs.md says how a line is found.
package logging

import (
	"k8s.io/apimachinery/pkg/api/resource"
)

// Spec describes how the lines of an environment's services are kept.
type Spec struct {
	// Store is elastic by default in production, victoriaLogs in staging and none in local. Another store starts empty:
	// nothing is carried over, and the volumes of the former one stay.
	Store Store `json:"store"`
	// RetentionDays is how long a line is kept at least. Default 14 in elastic and 30 in victoriaLogs. A shorter one
	// deletes what is older within a day.
	RetentionDays int `json:"retentionDays"`
	// Storage is the size of the volume of VictoriaLogs, or of each of the three nodes of Elasticsearch. Default 50Gi and
	// 100Gi. It grows in place; a volume never shrinks.
	Storage resource.Quantity `json:"storage"`
	// DailyGB is how much all services together log a day, in GB of 10^9 bytes. It is a statement, by which the storage is
	// checked, and changes nothing in the cluster. Default 5 in production and 1 elsewhere.
	DailyGB int `json:"dailyGB"`
	// Buffer is how much of each node's disk may hold lines that the store has not taken yet. Beyond it, they wait in
	// the files of the node, which an alert says. Default 1Gi. A change restarts the collectors.
	Buffer resource.Quantity `json:"buffer"`
}

// Store is where lines are kept.
type Store string

const (
	// Elastic is Elasticsearch with Kibana, run by the operator ECK.
	Elastic Store = "elastic"
	// VictoriaLogs is one pod of VictoriaLogs.
	VictoriaLogs Store = "victoriaLogs"
	// None keeps no lines: `kubectl logs` shows what the nodes still have.
	None Store = "none"
)

// Stores returns the allowed values.
func Stores() []Store { return []Store{Elastic, VictoriaLogs, None} }

// Default returns the defaults of a store. None, and a store that does not exist, have nothing to set.
func Default(store Store) Spec {
	spec := Spec{Store: store, DailyGB: 1, Buffer: resource.MustParse("1Gi")}
	switch store {
	case Elastic:
		spec.RetentionDays, spec.Storage = 14, resource.MustParse("100Gi")
	case VictoriaLogs:
		spec.RetentionDays, spec.Storage = 30, resource.MustParse("50Gi")
	case None:
		return Spec{Store: None}
	default:
		return Spec{Store: store}
	}
	return spec
}

// Enabled reports whether lines are kept.
func (s Spec) Enabled() bool { return s.Store == Elastic || s.Store == VictoriaLogs }
