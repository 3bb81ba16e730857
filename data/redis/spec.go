// Package redis keeps what the services share and cache: one Valkey (https://valkey.io), which speaks the protocol of
// Redis. docs/decisions/one-valkey-without-replicas.md says why it has neither replicas nor an operator.
package redis

import (
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/dreamseed/platform/data/store"
)

// Spec is the section dreamseed:data.redis.
type Spec struct {
	// Mode is who provides the cache. Default inCluster. Another one starts empty: nothing is carried over.
	Mode store.Mode `json:"mode"`
	// Storage is the size of the volume with the append-only file. Default 4Gi. A larger one grows the volume in place; a
	// volume never shrinks.
	Storage resource.Quantity `json:"storage"`
	// Memory is what the pod may use: three fifths for keys, the rest for everything else. Default 512Mi. A change
	// restarts the pod, which reads its keys again from the volume.
	Memory resource.Quantity `json:"memory"`
	// Eviction is what happens when the keys fill their share. Default noeviction. A change restarts the pod.
	Eviction Eviction `json:"eviction"`
	// External is the address in mode external.
	External store.Address `json:"external"`
}

// Eviction is what Valkey does when its memory for keys is full (https://valkey.io/topics/lru-cache).
type Eviction string

const (
	// NoEviction refuses what would need more memory: nothing is lost that a service wrote.
	NoEviction Eviction = "noeviction"
	// AllKeysLRU removes the keys that were not used for the longest time, of whichever service.
	AllKeysLRU Eviction = "allkeys-lru"
)

// Evictions returns the allowed values.
func Evictions() []Eviction { return []Eviction{NoEviction, AllKeysLRU} }

// Default returns the defaults of a mode. One that runs nothing in the cluster has nothing to set.
func Default(mode store.Mode) Spec {
	spec := Spec{Mode: mode}
	if mode == store.InCluster {
		spec.Storage, spec.Memory = resource.MustParse("4Gi"), resource.MustParse("512Mi")
		spec.Eviction = NoEviction
	}
	return spec
}

// keysBytes returns the memory for keys. The rest is for the buffers of clients, fragmentation, and the copies of pages
// that change while a forked process rewrites the append-only file
// (https://valkey.io/topics/admin, https://valkey.io/topics/persistence).
func (s Spec) keysBytes() int64 { return s.Memory.Value() / 5 * 3 }
