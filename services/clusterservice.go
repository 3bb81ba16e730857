package services

import (
	"fmt"

	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/services/catalogue"
)

// newClusterService is what other pods and the ingress reach the service by. The engine waits until it has endpoints.
func newClusterService(
	ctx *pulumi.Context, name string, args *Args, called string, opts ...pulumi.ResourceOption,
) (*corev1.Service, error) {
	return newServiceObject(ctx, name, args, metadata(args, called), opts...)
}

// newSwitchedService is a newClusterService of which Argo Rollouts selects the version. It has to exist before the first
// pod does: it is complete when it has its address.
//
// The API server knows a selector as one field. Were it applied here, the key of Argo Rollouts would be gone, and the
// controller does not notice before it looks at the Rollout again, up to 15 minutes later.
func newSwitchedService(
	ctx *pulumi.Context, name string, args *Args, called string, opts ...pulumi.ResourceOption,
) (*corev1.Service, error) {
	complete := waitFor("jsonpath={.spec.clusterIP}")
	return newServiceObject(ctx, name, args, annotated(metadata(args, called), complete),
		append(opts, pulumi.IgnoreChanges([]string{"spec.selector"}))...)
}

func newServiceObject(
	ctx *pulumi.Context, name string, args *Args, meta *metav1.ObjectMetaArgs, opts ...pulumi.ResourceOption,
) (*corev1.Service, error) {
	service, err := corev1.NewService(ctx, name, &corev1.ServiceArgs{
		Metadata: meta,
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
	}, opts...)
	if err != nil {
		return nil, fmt.Errorf("creating the service: %w", err)
	}
	return service, nil
}
