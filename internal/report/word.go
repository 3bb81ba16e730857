package report

import (
	"regexp"

	"github.com/dreamseed/platform/internal/changeset"
)

// workloads are the kinds whose pods restart when their template changes.
var workloads = []string{"Deployment", "Rollout", "StatefulSet", "DaemonSet"}

var imagePath = regexp.MustCompile(`[cC]ontainers\[\d+\]\.image$`)

// pathWords say in a word what a property of a workload is about. The first that matches counts.
var pathWords = []struct {
	path *regexp.Regexp
	word string
}{
	{regexp.MustCompile(`\.(env|envFrom|volumes|volumeMounts)\b|template\.metadata\.annotations`), "configuration"},
	{regexp.MustCompile(`\.resources\b`), "resources"},
	{regexp.MustCompile(`[sS]ecurityContext|serviceAccount`), "security"},
	{regexp.MustCompile(`affinity|tolerations|nodeSelector|topologySpread|priorityClass`), "placement"},
	{regexp.MustCompile(`[pP]robe|lifecycle|terminationGracePeriod`), "probes and shutdown"},
	{regexp.MustCompile(`\.(args|command)\b`), "command"},
	{regexp.MustCompile(`^spec\.template`), "pod template"},
	{regexp.MustCompile(`^spec\.replicas`), "number of pods"},
	{regexp.MustCompile(`^spec\.strategy|progressDeadline|minReadySeconds|revisionHistoryLimit`), "release strategy"},
}

func wordFor(path string) string {
	for _, one := range pathWords {
		if one.path.MatchString(path) {
			return one.word
		}
	}
	return path
}

// kindWords say what a kind of object is for.
var kindWords = map[string]string{
	"ConfigMap":               "configuration",
	"HorizontalPodAutoscaler": "autoscaling",
	"ScaledObject":            "autoscaling",
	"PodDisruptionBudget":     "disruption budget",
	"NetworkPolicy":           "network policy",
	"Role":                    "permissions",
	"RoleBinding":             "permissions",
	"ClusterRole":             "permissions",
	"ClusterRoleBinding":      "permissions",
	"ServiceAccount":          "identity",
	"ExternalSecret":          "secrets",
	"SealedSecret":            "secrets",
	"SecretStore":             "secrets",
	"Ingress":                 "routes",
	"Middleware":              "routes",
	"ResourceQuota":           "quota",
	"PersistentVolumeClaim":   "volume claim",
	"AnalysisTemplate":        "release strategy",
	"NodePool":                "node pool",
	"NodeGroup":               "node pool",
	"AgentPool":               "node pool",
	"Release":                 "operator",
}

// happening says what happens to an object of a kind.
func happening(kind string, operation changeset.Operation) string {
	if kind == "Job" {
		return migrations[operation]
	}
	word, known := kindWords[kind]
	if !known {
		word = kind
	}
	if kind == "ConfigMap" || operation == changeset.Update {
		return word
	}
	return word + " " + done[operation]
}

// migrations say what the Job of a migration means. That of the former release goes without notice.
var migrations = map[changeset.Operation]string{
	changeset.Create: "a migration runs", changeset.Replace: "a migration runs",
}

var done = map[changeset.Operation]string{
	changeset.Create: "created", changeset.Delete: "deleted", changeset.Replace: "replaced",
	changeset.Import: "imported", changeset.Keep: "protected differently",
}
