package testbed

import (
	"strings"
	"testing"
)

// PlatformObjects lists every object of the cluster, of any kind, that belongs to the platform by its name or its
// namespace. It does not rely on labels, which an object might lack.
func (s *Testbed) PlatformObjects(t *testing.T) []string {
	t.Helper()
	kinds := strings.Fields(s.Kubectl(t, "api-resources", "--verbs=list", "--output=name"))
	var ours []string
	for _, found := range s.Each(t, strings.Join(kinds, ","), "--all-namespaces") {
		name := found.Metadata.Namespace + "/" + found.Metadata.Name
		if strings.Contains(name, "dreamseed") && !found.belongsToTheSandbox() {
			ours = append(ours, found.Kind+" "+name)
		}
	}
	return ours
}

// belongsToTheSandbox reports whether the object is a node, a disk, an event, a right of the sandbox's own programs, or
// a secret that people keep in the secret manager: none of them is a stack's.
func (o Object) belongsToTheSandbox() bool {
	switch o.Kind {
	case "Node", "CSINode", "PersistentVolume", "Event":
		return true
	case "ClusterRole", "ClusterRoleBinding":
		return strings.HasPrefix(o.Metadata.Name, "dreamseed-sandbox-")
	case "Secret":
		return o.Metadata.Namespace == "secret-manager"
	default:
		return o.Metadata.Namespace == "kube-node-lease"
	}
}
