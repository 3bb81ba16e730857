package guard

import (
	"fmt"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// podExposures read the pods of a workload of any kind. The rules are those of the Pod Security Standard "restricted"
// (https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted), and two that the platform adds: a
// read-only root file system, and no token of the service account.
var podExposures = []reading{hostAccess, hostVolumes, tokenAccess, containerExposures}

// podSpec returns the specification of a workload's pods, or nil.
func podSpec(inputs map[string]any) map[string]any {
	return object(inputs, "spec", "template", "spec")
}

func hostAccess(inputs map[string]any) []string {
	var found []string
	for _, name := range []string{"hostNetwork", "hostPID", "hostIPC"} {
		if is(podSpec(inputs), true, name) {
			found = append(found, "gives its pods "+name)
		}
	}
	return found
}

func hostVolumes(inputs map[string]any) []string {
	var found []string
	for _, volume := range objects(podSpec(inputs), "volumes") {
		if path := object(volume, "hostPath"); path != nil {
			found = append(found, fmt.Sprintf("mounts %v of the node", path["path"]))
		}
	}
	return found
}

func tokenAccess(inputs map[string]any) []string {
	if spec := podSpec(inputs); spec != nil && !is(spec, false, "automountServiceAccountToken") {
		return []string{"mounts the token of its service account"}
	}
	return nil
}

// containerRule is a setting that a container's security context must have.
type containerRule struct {
	says string
	// holds reports whether the setting is there, for a pod's security context and a container's.
	holds func(pod, container map[string]any) bool
}

var containerRules = []containerRule{
	{"may run as root", func(pod, container map[string]any) bool { return inherits(pod, container, "runAsNonRoot", true) }},
	{"may gain privileges", func(_, container map[string]any) bool {
		return is(container, false, "allowPrivilegeEscalation")
	}},
	{"is privileged", func(_, container map[string]any) bool { return !is(container, true, "privileged") }},
	{"may write to its root file system", func(_, container map[string]any) bool {
		return is(container, true, "readOnlyRootFilesystem")
	}},
	{"keeps capabilities", func(_, container map[string]any) bool { return lists(container, "ALL", "capabilities", "drop") }},
	{"adds capabilities", func(_, container map[string]any) bool {
		added, _, _ := unstructured.NestedFieldNoCopy(container, "capabilities", "add")
		return len(asList(added)) == 0
	}},
	{"has no seccomp profile", func(pod, container map[string]any) bool {
		return object(pod, "seccompProfile") != nil || object(container, "seccompProfile") != nil
	}},
}

func containerExposures(inputs map[string]any) []string {
	spec := podSpec(inputs)
	var found []string
	for _, list := range []string{"initContainers", "containers", "ephemeralContainers"} {
		for _, container := range objects(spec, list) {
			for _, rule := range containerRules {
				if !rule.holds(object(spec, "securityContext"), object(container, "securityContext")) {
					found = append(found, fmt.Sprintf("container %v %s", container["name"], rule.says))
				}
			}
		}
	}
	return found
}

// inherits reports whether a container has a setting, or has it from its pod.
func inherits(pod, container map[string]any, name string, want any) bool {
	if own, set := container[name]; set {
		return own == want
	}
	return pod[name] == want
}
