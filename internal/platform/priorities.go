package platform

import (
	"fmt"

	schedulingv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/scheduling/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/internal/kube"
	"github.com/dreamseed/platform/services/catalogue"
)

func (b *builder) newPriorityClasses() error {
	for _, priority := range catalogue.Priorities() {
		class, err := schedulingv1.NewPriorityClass(b.ctx, string(priority)+"-priority", &schedulingv1.PriorityClassArgs{
			Metadata: kube.Metadata("", string(priority), kube.Labels()),
			Value:    pulumi.Int(priority.Value()),
		}, b.onCluster)
		if err != nil {
			return fmt.Errorf("creating priority class %s: %w", priority, err)
		}
		b.priorityClasses = append(b.priorityClasses, class)
	}
	return nil
}
