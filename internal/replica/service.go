package replica

import (
	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/internal/kube"
)

// newSharedService registers the Service over all replicas. A client stays with one of them: each has measured for
// itself, and a graph that alternates between two would flicker.
func newSharedService(
	ctx *pulumi.Context, name string, program *Program, opts ...pulumi.ResourceOption,
) (*corev1.Service, error) {
	metadata := kube.Metadata(program.Namespace, program.Name, program.labels())
	return newService(ctx, name, metadata, &corev1.ServiceSpecArgs{
		Type:            pulumi.String("ClusterIP"),
		SessionAffinity: pulumi.String("ClientIP"),
		Selector:        program.selector(),
		Ports:           program.servicePorts(),
	}, opts...)
}

// newOwnService registers the name of one replica. It is headless, and resolves to the pod itself from its start on:
// members of a gossip cluster compare each other's addresses, and find each other before they are ready.
func newOwnService(
	ctx *pulumi.Context, name string, args *Args, opts ...pulumi.ResourceOption,
) (*corev1.Service, error) {
	return newService(ctx, name, args.metadata(), &corev1.ServiceSpecArgs{
		ClusterIP:                pulumi.String("None"),
		PublishNotReadyAddresses: pulumi.Bool(true),
		Selector:                 args.selector(),
		Ports:                    args.Program.servicePorts(),
	}, opts...)
}

func newService(
	ctx *pulumi.Context, name string, metadata *metav1.ObjectMetaArgs, spec *corev1.ServiceSpecArgs,
	opts ...pulumi.ResourceOption,
) (*corev1.Service, error) {
	return corev1.NewService(ctx, name, &corev1.ServiceArgs{
		Metadata: kube.Annotate(metadata, kube.WaitForAddress()), Spec: spec,
	}, opts...)
}

// servicePorts returns the pods' own ports: the VPC CNI checks policies against these, before they are translated
// (https://docs.aws.amazon.com/eks/latest/userguide/cni-network-policy.html#cni-network-policy-considerations).
func (p *Program) servicePorts() corev1.ServicePortArray {
	ports := corev1.ServicePortArray{}
	for _, port := range p.Ports {
		ports = append(ports, &corev1.ServicePortArgs{
			Name:       pulumi.String(port.Name),
			Port:       pulumi.Int(port.Number),
			TargetPort: pulumi.String(port.Name),
			Protocol:   pulumi.String(port.Protocol),
		})
	}
	return ports
}
