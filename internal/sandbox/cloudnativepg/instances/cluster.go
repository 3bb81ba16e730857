package main

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"maps"

	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// cluster is what an instance reads of its Cluster
// (https://github.com/cloudnative-pg/cloudnative-pg/blob/v1.30.0/api/v1/cluster_types.go).
type cluster struct {
	metav1.ObjectMeta `json:"metadata"`
	Spec              struct {
		PostgreSQL struct {
			Parameters map[string]string `json:"parameters"`
			HBA        []string          `json:"pg_hba"`
		} `json:"postgresql"`
		Bootstrap struct {
			InitDB struct {
				Owner string `json:"owner"`
			} `json:"initdb"`
		} `json:"bootstrap"`
	} `json:"spec"`
	Status struct {
		CurrentPrimary string             `json:"currentPrimary"`
		TargetPrimary  string             `json:"targetPrimary"`
		Phase          string             `json:"phase"`
		OperatorHash   string             `json:"cloudNativePGOperatorHash"`
		Conditions     []metav1.Condition `json:"conditions"`
	} `json:"status"`
}

// The phases that an instance reads and writes.
const (
	restarting = "Primary instance is being restarted in-place"
	healthy    = "Cluster in healthy state"
)

// postmaster are some of the parameters that only a restart changes
// (https://www.postgresql.org/docs/18/view-pg-settings.html, the context postmaster).
var postmaster = map[string]bool{
	"huge_pages": true, "max_connections": true, "max_locks_per_transaction": true, "max_prepared_transactions": true,
	"max_replication_slots": true, "max_wal_senders": true, "max_worker_processes": true,
	"shared_buffers": true, "shared_preload_libraries": true, "track_commit_timestamp": true, "wal_buffers": true,
	"wal_level": true,
}

// loaded returns a digest of the settings that an instance reads when it is told to.
func (c cluster) loaded() string { return digest(c.Spec.PostgreSQL) }

// atStart returns a digest of the parameters that an instance reads only when it starts.
func (c cluster) atStart() string {
	read := maps.Clone(c.Spec.PostgreSQL.Parameters)
	maps.DeleteFunc(read, func(name, _ string) bool { return !postmaster[name] })
	return digest(read)
}

// digest returns a digest of a value, which JSON writes with sorted keys.
func digest(value any) string {
	text, _ := json.Marshal(value) // strings, and therefore no error
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// leads reports whether the instance is the primary, and no other is to be.
func (c cluster) leads(name string) bool {
	return name != "" && name == c.Status.CurrentPrimary && name == c.Status.TargetPrimary
}

// promotion returns the status of a cluster after the chosen instance has taken the lead.
func promotion(of cluster, now string) map[string]any {
	return map[string]any{"currentPrimary": of.Status.TargetPrimary, "currentPrimaryTimestamp": now}
}

// restart returns the status of a cluster after its primary was restarted.
func restart(of cluster) map[string]any {
	conditions := of.Status.Conditions
	meta.SetStatusCondition(&conditions, metav1.Condition{
		Type: "Ready", Status: metav1.ConditionTrue, Reason: "ClusterIsReady", Message: "Cluster is Ready",
	})
	return map[string]any{
		"phase": healthy, "phaseReason": "Primary instance restarted in-place", "conditions": conditions,
	}
}
