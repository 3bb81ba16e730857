package exporter

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/internal/kube"
)

// workload identifies the objects of one exporter.
type workload struct {
	namespace, name string
	// program is the value of the label app.kubernetes.io/name, by which pods are found for scraping, and component that
	// of app.kubernetes.io/component.
	program, component string
}

func (w workload) labels() pulumi.StringMap {
	return kube.With(kube.WorkloadLabels(w.program), w.selector())
}

// selector returns the labels that select the exporter's pods. It cannot be changed later.
func (w workload) selector() pulumi.StringMap {
	return pulumi.StringMap{
		kube.NameLabel: pulumi.String(w.program), kube.ComponentLabel: pulumi.String(w.component),
	}
}
