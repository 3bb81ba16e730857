package services

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/services/catalogue"
)

const nameLabel = "app.kubernetes.io/name"

// labels are the recommended ones of https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels.
// Only selector's may be selected by: a selector cannot be changed later.
func labels(workload string) pulumi.StringMap {
	return pulumi.StringMap{
		nameLabel:                      pulumi.String(workload),
		"app.kubernetes.io/part-of":    pulumi.String(catalogue.PartOf),
		"app.kubernetes.io/managed-by": pulumi.String("pulumi"),
	}
}

// Selector is what selects the pods of a service.
func Selector(workload string) map[string]string { return map[string]string{nameLabel: workload} }

func selector(workload string) pulumi.StringMap { return pulumi.ToStringMap(Selector(workload)) }
