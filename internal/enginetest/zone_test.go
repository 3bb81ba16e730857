package enginetest

import (
	"testing"

	"github.com/stretchr/testify/require"
)

const zoneLabel = "topology.kubernetes.io/zone"

// loseZone deletes the nodes of a zone with all of their pods, as the loss of a zone in a cloud would, and names them.
// The next up brings them back, empty.
func (s *subject) loseZone(t *testing.T, zone string) []string {
	t.Helper()
	var names []string
	for _, node := range s.Each(t, "nodes", "--selector", zoneLabel+"="+zone) {
		names = append(names, node.Metadata.Name)
	}
	require.NotEmpty(t, names, "zone %s has nodes to lose", zone)
	s.Kubectl(t, append([]string{"delete", "nodes"}, names...)...)
	for _, name := range names {
		// No kubelet is left to end the pods, and the garbage collector of pods takes its time.
		s.Kubectl(t, "delete", "pods", "--all-namespaces", "--field-selector", "spec.nodeName="+name,
			"--force", "--grace-period=0")
	}
	return names
}

// zones returns the nodes by zone.
func (s *subject) zones(t *testing.T) map[string][]string {
	t.Helper()
	zones := map[string][]string{}
	for _, node := range s.Each(t, "nodes") {
		zone := node.Metadata.Labels[zoneLabel]
		zones[zone] = append(zones[zone], node.Metadata.Name)
	}
	return zones
}
