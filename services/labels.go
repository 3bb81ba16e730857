package services

import "github.com/pulumi/pulumi/sdk/v3/go/pulumi"

// PartOf is the value of app.kubernetes.io/part-of on every object of the platform. Network policies select by it.
const PartOf = "dreamseed"

const nameLabel = "app.kubernetes.io/name"

// labels are the recommended ones of https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels.
// Only selector's may be selected by: a selector cannot be changed later.
func labels(workload string) pulumi.StringMap {
	return pulumi.StringMap{
		nameLabel:                      pulumi.String(workload),
		"app.kubernetes.io/part-of":    pulumi.String(PartOf),
		"app.kubernetes.io/managed-by": pulumi.String("pulumi"),
	}
}

func selector(workload string) pulumi.StringMap {
	return pulumi.StringMap{nameLabel: pulumi.String(workload)}
}
