package platform

import (
	"fmt"

	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	schedulingv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/scheduling/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/services/catalogue"
)

func newPriorityClasses(ctx *pulumi.Context, opts ...pulumi.ResourceOption) ([]pulumi.Resource, error) {
	var classes []pulumi.Resource
	for _, priority := range catalogue.Priorities() {
		class, err := schedulingv1.NewPriorityClass(ctx, string(priority)+"-priority", &schedulingv1.PriorityClassArgs{
			Metadata: &metav1.ObjectMetaArgs{Name: pulumi.String(string(priority)), Labels: platformLabels()},
			Value:    pulumi.Int(priority.Value()),
		}, opts...)
		if err != nil {
			return nil, fmt.Errorf("creating priority class %s: %w", priority, err)
		}
		classes = append(classes, class)
	}
	return classes, nil
}
