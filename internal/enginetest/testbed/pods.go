package testbed

import "testing"

// Templates maps each service's workload to the hash of its pods' template: another hash means that the pods were
// rolled.
func (s *Testbed) Templates(t *testing.T) map[string]string {
	t.Helper()
	hashes := map[string]string{}
	for _, pod := range s.List(t, "pods", "--namespace", s.Namespace()) {
		if pod.Metadata.DeletionTime != "" {
			continue
		}
		hashes[pod.Metadata.Labels["app.kubernetes.io/name"]] = pod.Metadata.Labels["pod-template-hash"]
	}
	return hashes
}

// ServingPods returns the ready pods of a workload that run the pod template with the given hash.
func (s *Testbed) ServingPods(t *testing.T, workload, template string) []Object {
	t.Helper()
	var serving []Object
	for _, pod := range s.List(t, "pods", "--namespace", s.Namespace(),
		"--selector", "app.kubernetes.io/name="+workload+",pod-template-hash="+template) {
		if pod.Ready() {
			serving = append(serving, pod)
		}
	}
	return serving
}

// Differing returns the keys whose values differ.
func Differing(before, after map[string]string) []string {
	var names []string
	for name, value := range after {
		if before[name] != value {
			names = append(names, name)
		}
	}
	return names
}
