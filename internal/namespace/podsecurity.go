package namespace

import (
	"cmp"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// Level is a level of the Pod Security Standards
// (https://kubernetes.io/docs/concepts/security/pod-security-standards).
type Level string

// The levels that the platform uses.
const (
	// Restricted is for pods that see nothing of their node.
	Restricted Level = "restricted"
	// Privileged refuses no pod. It is for agents that observe their node: already "baseline", the next stricter level,
	// forbids the volumes through which they see it.
	Privileged Level = "privileged"
)

// labels make the API server enforce the level, warn of what breaks it, and write that into its audit log.
func (l Level) labels() pulumi.StringMap {
	labels := pulumi.StringMap{}
	for _, mode := range []string{"enforce", "audit", "warn"} {
		labels["pod-security.kubernetes.io/"+mode] = pulumi.String(cmp.Or(l, Restricted))
		labels["pod-security.kubernetes.io/"+mode+"-version"] = pulumi.String("latest")
	}
	return labels
}
