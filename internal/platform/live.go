package platform

import (
	"fmt"

	"github.com/dreamseed/platform/internal/kube"
	"github.com/dreamseed/platform/services"
)

// liveObject is the part of a live object that the platform reads.
type liveObject struct {
	Metadata struct {
		Name        string            `json:"name"`
		Labels      map[string]string `json:"labels"`
		Annotations map[string]string `json:"annotations"`
	} `json:"metadata"`
	Spec struct {
		// Selector is the selector of a Service, or contains that of a Deployment.
		Selector map[string]any `json:"selector"`
	} `json:"spec"`
}

type liveList struct {
	Items []liveObject `json:"items"`
}

func (l liveList) byName() map[string]liveObject {
	named := map[string]liveObject{}
	for _, one := range l.Items {
		named[one.Metadata.Name] = one
	}
	return named
}

// isForeign reports whether an object exists without the labels of the platform.
func (o liveObject) isForeign() bool {
	ours := o.Metadata.Labels[kube.ManagedByLabel] == kube.ManagedBy &&
		o.Metadata.Labels[kube.PartOfLabel] == kube.PartOf
	return o.Metadata.Name != "" && !ours
}

// byLabels returns the labels that a selector requires.
func byLabels(selector any) map[string]string {
	labels := map[string]string{}
	values, _ := selector.(map[string]any)
	for key, value := range values {
		labels[key] = fmt.Sprint(value)
	}
	return labels
}

// liveServices returns the Services of the services' namespace, by name. Nil if the cluster cannot be read.
func (b *builder) liveServices() (map[string]services.Live, error) {
	if b.cluster.Look == nil {
		return nil, nil
	}
	var there liveList
	path := "api/v1/namespaces/" + b.servicesNamespace.Name + "/services"
	if err := b.cluster.Look(b.ctx.Context(), path, &there); err != nil {
		return nil, err
	}
	live := map[string]services.Live{}
	for name, one := range there.byName() {
		live[name] = services.Live{Selector: byLabels(one.Spec.Selector), Annotations: one.Metadata.Annotations}
	}
	return live, nil
}
