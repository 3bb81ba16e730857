package prometheus

import "k8s.io/apimachinery/pkg/api/resource"

// retainedPercent is the share of a claim that the blocks of the database may fill. The rest is for what the limit does
// not count: the write-ahead log and the samples of the last hours, and the block that a compaction writes before it
// removes those that it replaces (https://github.com/prometheus/prometheus/issues/8884).
const retainedPercent = 80

// RetentionBytes returns the size that the configuration of a replica with this claim has to state as its limit
// (https://prometheus.io/docs/prometheus/latest/storage/#right-sizing-retention-size). State it in bytes, as 123B: in
// Prometheus, 1GB is a power of two.
func RetentionBytes(storage resource.Quantity) int64 { return storage.Value() / 100 * retainedPercent }
