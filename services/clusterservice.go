package services

import (
	"fmt"

	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/internal/kube"
	"github.com/dreamseed/platform/services/catalogue"
)

// newClusterService registers the Service through which other pods and the ingress reach the service.
func newClusterService(
	ctx *pulumi.Context, name string, args *Args, called string, opts ...pulumi.ResourceOption,
) (*corev1.Service, error) {
	return newServiceObject(ctx, name, args, called, args.Live[called], selector(args.Service.Workload()), opts...)
}

// newSwitchedService registers a Service like newClusterService, but Argo Rollouts selects the version.
//
// To the API server, a selector is one field. Applying it without Argo Rollouts' key would deselect every version, and
// the controller does not notice until it looks at the Rollout again, after up to 15 minutes. So the selector is
// applied only if another client changed it, and then with that key.
func newSwitchedService(
	ctx *pulumi.Context, name string, args *Args, called string, opts ...pulumi.ResourceOption,
) (*corev1.Service, error) {
	selected := selector(args.Service.Workload())
	version, switched := args.Live[called].Selector[versionKey]
	live := args.Live[called].withoutVersion()
	if live.selectsAlone(args.Service.Workload()) {
		opts = append(opts, pulumi.IgnoreChanges([]string{"spec.selector"}))
	} else if switched {
		selected[versionKey] = pulumi.String(version)
	}
	return newServiceObject(ctx, name, args, called, live, selected, opts...)
}

func newServiceObject(
	ctx *pulumi.Context, name string, args *Args, called string, live Live, selected pulumi.StringMap,
	opts ...pulumi.ResourceOption,
) (*corev1.Service, error) {
	foreign := takenBack(live, selected)
	if args.Live != nil && foreign == nil {
		opts = append(opts, pulumi.IgnoreChanges([]string{takenBackPath}))
	}
	service, err := corev1.NewService(ctx, name, &corev1.ServiceArgs{
		Metadata: kube.Annotate(kube.Annotate(metadata(args, called), kube.WaitForAddress()), foreign),
		Spec: &corev1.ServiceSpecArgs{
			Type:     pulumi.String("ClusterIP"),
			Selector: selected,
			Ports: corev1.ServicePortArray{&corev1.ServicePortArgs{
				Name: pulumi.String("http"),
				// The pods' own port: the VPC CNI checks policies against this port, before it is translated
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
