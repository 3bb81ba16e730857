package services

import (
	"fmt"

	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/services/catalogue"
)

// newClusterService is what other pods and the ingress reach the service by. It is complete when it has its address: the
// workload is waited for by itself, and the provider's own wait would add ten seconds to every Service
// (https://github.com/pulumi/pulumi-kubernetes/blob/v4.25.0/provider/pkg/await/service.go). A refresh does not look at
// this condition: it still reports a Service that selects nothing.
func newClusterService(
	ctx *pulumi.Context, name string, args *Args, called string, opts ...pulumi.ResourceOption,
) (*corev1.Service, error) {
	complete := waitFor("jsonpath={.spec.clusterIP}")
	service, err := corev1.NewService(ctx, name, &corev1.ServiceArgs{
		Metadata: annotated(metadata(args, called), complete),
		Spec: &corev1.ServiceSpecArgs{
			Type:     pulumi.String("ClusterIP"),
			Selector: selector(args.Service.Workload()),
			Ports: corev1.ServicePortArray{&corev1.ServicePortArgs{
				Name: pulumi.String("http"),
				// The pods' own port: the VPC CNI asks a policy about this one, before it is translated
				// (https://docs.aws.amazon.com/eks/latest/userguide/cni-network-policy.html#cni-network-policy-considerations).
				Port:       pulumi.Int(catalogue.Port),
				TargetPort: pulumi.String("http"),
				Protocol:   pulumi.String("TCP"),
			}},
		},
		// While a service releases by blueGreen, Argo Rollouts adds the version that gets the requests, and takes it away
		// when the Rollout is gone. What is selected here never changes otherwise.
	}, append(opts, pulumi.IgnoreChanges([]string{"spec.selector"}))...)
	if err != nil {
		return nil, fmt.Errorf("creating the service: %w", err)
	}
	return service, nil
}
