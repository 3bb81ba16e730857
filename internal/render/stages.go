package render

import "slices"

// stages are the kinds in the order in which Argo CD applies them. It goes on to the next stage once every object of
// this one is healthy (https://argo-cd.readthedocs.io/en/stable/user-guide/sync-waves). What no stage names comes last,
// because nothing waits for it there: an Ingress is healthy when it has an address, a Certificate when it was issued.
//
// A claim for a volume is beside the pods that use it: it may be bound to a volume only once they are scheduled
// (https://kubernetes.io/docs/concepts/storage/storage-classes/#volume-binding-mode), and would hold up every stage
// after it.
//
// What runs a data store, whatever its kind, is complete before a database is migrated.
//
// Elasticsearch is beside the Secrets with its users, which it takes over whenever they come: a Job asks it, and what
// the collectors sign in with is carried from it. So are the servers of PostgreSQL and of Kafka, whose authority is
// carried to the services.
var stages = [][]string{
	{"Namespace", "PriorityClass", "StorageClass"},
	{"LimitRange", "NetworkPolicy", "ResourceQuota", "ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding",
		applicationKind},
	{"AnalysisTemplate", "ClusterRole", "ClusterRoleBinding", "ConfigMap", "Password", "Role", "RoleBinding",
		"SecretStore", "ServiceAccount"},
	{"Cluster", "Elasticsearch", "ExternalSecret", "Kafka", "KafkaNodePool", "Kibana", "SealedSecret"},
	running,
	{migration},
	{"DaemonSet", "Deployment", "PersistentVolumeClaim", "PodDisruptionBudget", "Rollout", "Service", "StatefulSet"},
}

// running are the kinds that run a data store. Those of Kubernetes itself come with the pods elsewhere.
var running = []string{
	"Database", "DatabaseRole", "Deployment", "KafkaTopic", "KafkaUser", "PersistentVolumeClaim",
	"PodDisruptionBudget", "Service",
}

// migration is the kind whose objects migrate a database. What runs on the database comes in a later stage.
const migration = "Job"

// firstWave is the wave of the first stage: what somebody adds without one is in wave 0, with the secrets.
const firstWave = -3

// stage returns the number of the object's stage.
func (o object) stage() int {
	order := slices.Clone(stages)
	if !o.ofStore {
		slices.Reverse(order)
	}
	at := slices.IndexFunc(order, func(kinds []string) bool { return slices.Contains(kinds, o.kind) })
	switch {
	case at < 0:
		return len(stages)
	case o.ofStore:
		return at
	}
	return len(stages) - 1 - at
}
