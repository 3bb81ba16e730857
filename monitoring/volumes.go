package monitoring

import (
	"slices"

	"k8s.io/apimachinery/pkg/api/resource"
)

// Volumes returns the sizes of the volumes that the monitoring claims: one for each Prometheus and each Alertmanager.
// There is none where somebody else watches the environment.
func (s Spec) Volumes() []resource.Quantity {
	if !s.IsOwn() {
		return nil
	}
	return slices.Repeat([]resource.Quantity{s.Storage, alertmanagerStorage}, s.Replicas)
}
